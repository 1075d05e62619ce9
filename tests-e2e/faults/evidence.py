"""Collect the evidence of a run from everywhere that an order appears."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, NamedTuple

import boto3

from drivers.exchange import Answer as Response
from drivers.over_http import OverHttp
from faults.answers import FINAL_STATES, Answer, Staff
from faults.clicks import Click, Crowd
from steps.given import User
from steps.shop import when
from support.end_to_end_queue import EndToEndQueue, Message
from support.stage import Stage


@dataclass(frozen=True)
class StoredOrder:
    """A row of the orders' table."""

    order_id: str
    customer_id: str
    restaurant: str
    state: str


CANCELLED = "order_cancelled"


class Outcome(NamedTuple):
    """The state of an order, as one side knows it."""

    order_id: str
    state: str


@dataclass(frozen=True)
class Evidence:
    """The evidence of a run.

    Attributes:
        clicks: What was asked for, and answered.
        answers: How customers and restaurants answered orders, and what came of it.
        stored: The table.
        placed: How often the bus carried an order's `order_placed`, by order id.
        told: How often the restaurants' topic carried an order.
        notified: How often the bus carried an order's `restaurant_notified`.
        outcomes: How often the bus carried each outcome of an order, by order id and state.
        notices: How often a topic carried each outcome of an order, by order id and state: the restaurants'
            what customers did, the customers' all else.
        shown: The orders that each customer is shown as theirs, with their states, by customer id.
        shown_to_others: Order ids that were returned to another customer.
        shown_to_staff: The orders that the staff of each restaurant is shown, with their states.
    """

    clicks: Sequence[Click]
    answers: Sequence[Answer]
    stored: Sequence[StoredOrder]
    placed: Mapping[str, int]
    told: Mapping[str, int]
    notified: Mapping[str, int]
    outcomes: Mapping[Outcome, int]
    notices: Mapping[Outcome, int]
    shown: Mapping[str, Sequence[Outcome]]
    shown_to_others: Sequence[str]
    shown_to_staff: Mapping[str, Sequence[Outcome]]


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
    crowd: Crowd,
    staff: Staff,
    messages: EndToEndQueue,
    before: Collection[str],
) -> Evidence:
    """Collect all evidence. Faults must have ended, or the evidence proves nothing.

    Args:
        stage: Where.
        crowd: The customers, with what they asked for.
        staff: The staff of the restaurants, with their answers.
        messages: What bus and topics carried since before the first click.
        before: The ids of orders that were there before, which count for nothing.
    """
    stored = [order for order in read_table(stage) if order.order_id not in before]
    with closing(OverHttp(stage)) as driver:
        shown = {
            user.user_id: _pages(when.a_user_lists_orders, driver, user.id_token) for user in crowd.users
        }
        others = [
            order.order_id
            for number, user in enumerate(crowd.users)
            for order in _of_others(stored, user)[number :: len(crowd.users)][:5]
            if _is_shown(driver, user, order.order_id)
        ]
        shown_to_staff = {
            restaurant: _shown_to_staff(driver, member.user, restaurant, before)
            for member in staff.members
            for restaurant in member.restaurants
        }

    def carried(is_it: Callable[[Message], bool]) -> Counter[str]:
        ids = Counter(str(message.content["orderId"]) for message in messages.seen(is_it))
        return Counter({order_id: count for order_id, count in ids.items() if order_id not in before})

    def told(topic: str, detail_type: str) -> Counter[str]:
        return carried(
            lambda message: (
                message.channel.endswith(f"-{topic}")
                and message.content.get("what", "order_placed") == detail_type
            )
        )

    def outcomes(channel: Callable[[str], Counter[str]]) -> Counter[Outcome]:
        return Counter(
            {
                Outcome(order_id, state): count
                for state in FINAL_STATES
                for order_id, count in channel(f"order_{state}").items()
            }
        )

    return Evidence(
        clicks=crowd.clicks,
        answers=[*crowd.cancellations, *staff.answers],
        stored=stored,
        placed=carried(lambda message: message.name == "order_placed"),
        told=told("restaurants", "order_placed"),
        notified=carried(lambda message: message.name == "restaurant_notified"),
        outcomes=outcomes(lambda name: carried(lambda message: message.name == name)),
        notices=outcomes(lambda name: told("restaurants" if name == CANCELLED else "customers", name)),
        shown=shown,
        shown_to_others=others,
        shown_to_staff=shown_to_staff,
    )


def _of_others(stored: Iterable[StoredOrder], user: User) -> list[StoredOrder]:
    return [order for order in stored if order.customer_id != user.user_id]


def _shown_to_staff(driver: OverHttp, user: User, restaurant: str, before: Collection[str]) -> list[Outcome]:
    shown = [
        outcome
        for state in ("waiting", *FINAL_STATES)
        for outcome in _pages(
            when.a_user_lists_orders_of, driver, user.id_token, restaurant, query=[("state", state)]
        )
    ]
    return [outcome for outcome in shown if outcome.order_id not in before]


def _pages(
    look: Callable[..., Response], *whose: Any, query: Sequence[tuple[str, str]] = ()
) -> list[Outcome]:
    shown: list[Outcome] = []
    cursor: list[tuple[str, str]] = []
    while True:
        answer = look(*whose, *query, *cursor)
        assert answer.status == HTTPStatus.OK, answer
        page = answer.json()
        shown += [Outcome(order["orderId"], order["state"]) for order in page["orders"]]
        if page["nextCursor"] is None:
            return shown
        cursor = [("cursor", page["nextCursor"])]


def _is_shown(driver: OverHttp, user: User, order_id: str) -> bool:
    return when.a_user_gets_an_order(driver, user.id_token, order_id).status != HTTPStatus.NOT_FOUND
