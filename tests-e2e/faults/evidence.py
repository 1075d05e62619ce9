"""Collect the evidence of a run from everywhere that an order appears."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

import boto3

from drivers.over_http import OverHttp
from faults.clicks import Click
from steps import when
from steps.given import User
from support.end_to_end_queue import EndToEndQueue, Message
from support.stage import Stage


@dataclass(frozen=True)
class StoredOrder:
    """A row of the orders' table."""

    order_id: str
    customer_id: str
    restaurant: str
    state: str


@dataclass(frozen=True)
class Evidence:
    """The evidence of a run.

    Attributes:
        clicks: What was asked for, and answered.
        stored: The table.
        placed: How often the bus carried an order's `order_placed`, by order id.
        told: How often the restaurants' topic carried an order.
        notified: How often the bus carried an order's `restaurant_notified`.
        shown: The order ids that each customer is shown as theirs, by customer id.
        shown_to_others: Order ids that were returned to another customer.
    """

    clicks: Sequence[Click]
    stored: Sequence[StoredOrder]
    placed: Mapping[str, int]
    told: Mapping[str, int]
    notified: Mapping[str, int]
    shown: Mapping[str, Sequence[str]]
    shown_to_others: Sequence[str]


def read_table(stage: Stage) -> list[StoredOrder]:
    """Read all orders of the stage."""
    dynamodb = boto3.client("dynamodb", region_name=stage.region)
    table = stage.environment("orders", "place-order")["TABLE_NAME"]
    pages = dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    return [
        StoredOrder(
            order_id=item["orderId"]["S"],
            customer_id=item["customerId"]["S"],
            restaurant=item["restaurantName"]["S"],
            state=item["state"]["S"],
        )
        for page in pages
        for item in page["Items"]
    ]


def gather(
    stage: Stage,
    clicks: Sequence[Click],
    messages: EndToEndQueue,
    users: Sequence[User],
    before: Collection[str],
) -> Evidence:
    """Collect all evidence. Faults must have ended, or the evidence proves nothing.

    Args:
        stage: Where.
        clicks: What was asked for, and answered.
        messages: What bus and topic carried since before the first click.
        users: Who clicked.
        before: The ids of orders that were there before, which count for nothing.
    """
    stored = [order for order in read_table(stage) if order.order_id not in before]
    topic = stage.environment("notifications", "notify-restaurant")["TOPIC_ARN"].rpartition(":")[2]
    driver = OverHttp(stage)
    shown = {user.user_id: _shown_to(driver, user) for user in users}
    others = [
        order.order_id
        for number, user in enumerate(users)
        for order in _of_others(stored, user)[number :: len(users)][:5]
        if _answers(driver, user, order.order_id)
    ]
    driver.close()

    def carried(is_it: Callable[[Message], bool]) -> Counter[str]:
        ids = Counter(str(message.content["orderId"]) for message in messages.seen(is_it))
        return Counter({order_id: count for order_id, count in ids.items() if order_id not in before})

    return Evidence(
        clicks=clicks,
        stored=stored,
        placed=carried(lambda message: message.name == "order_placed"),
        told=carried(lambda message: message.channel == topic),
        notified=carried(lambda message: message.name == "restaurant_notified"),
        shown=shown,
        shown_to_others=others,
    )


def _of_others(stored: Iterable[StoredOrder], user: User) -> list[StoredOrder]:
    return [order for order in stored if order.customer_id != user.user_id]


def _shown_to(driver: OverHttp, user: User) -> list[str]:
    shown: list[str] = []
    query: list[tuple[str, str]] = []
    while True:
        answer = when.a_user_lists_orders(driver, user.id_token, *query)
        assert answer.status == HTTPStatus.OK, answer
        page = answer.json()
        shown += [order["orderId"] for order in page["orders"]]
        if page["nextCursor"] is None:
            return shown
        query = [("cursor", page["nextCursor"])]


def _answers(driver: OverHttp, user: User, order_id: str) -> bool:
    return when.a_user_gets_an_order(driver, user.id_token, order_id).status != HTTPStatus.NOT_FOUND
