"""The DynamoDB table of orders."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.conditions import Key

from orders.domain.errors import (
    InvalidCursorError,
    OrderAlreadyAnsweredError,
    OrderNotFoundError,
    OrderUncertainError,
)
from orders.domain.models import WAITING, AnswerQueue, Order, OrderPage, OrderState, OrderSummary
from service_kit.aws import table
from service_kit.cursors import InvalidCursor, make_cursor, read_cursor
from service_kit.invocation import is_release_check
from service_kit.outages import outage_reason
from service_kit.startup import at_start

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_dynamodb.type_defs import QueryInputTableQueryTypeDef

CUSTOMERS_INDEX = "orders-by-customer"
RESTAURANTS_INDEX = "orders-by-restaurant"
# By placeholders, since `state` is a reserved word.
_SUMMARY_NAMES = {f"#{name}": str(field.alias) for name, field in OrderSummary.model_fields.items()}


class OrderTable:
    """The orders, kept in DynamoDB."""

    def __init__(self, table_name: str) -> None:
        self._table_name = table_name
        at_start(lambda: self._table)

    @property
    def _table(self) -> Table:
        return table(self._table_name)

    def add(self, order: Order) -> bool:
        """Store a new order; False, and nothing stored, when there is one of that id already."""
        # A check of a release makes the same call, which stores nothing as no order has the new id.
        condition = "attribute_exists(orderId)" if is_release_check() else "attribute_not_exists(orderId)"
        try:
            self._table.put_item(
                Item=_item(order),
                ConditionExpression=condition,
            )
        except self._table.meta.client.exceptions.ConditionalCheckFailedException:
            return False
        except Exception as error:
            # Whatever the last attempt got, one before it may have stored the order without an answer.
            if outage_reason(error):
                raise OrderUncertainError from error
            raise
        return True

    def find(self, order_id: str) -> Order | None:
        """Return one order as it is now, or None when there is none of that id."""
        item = self._table.get_item(Key={"orderId": order_id}, ConsistentRead=True).get("Item")
        return None if item is None else Order.model_validate(item)

    def find_summary(self, order_id: str) -> OrderSummary | None:
        """Return one order as it is now without its customer, or None when there is none of that id."""
        item = self._table.get_item(
            Key={"orderId": order_id},
            ConsistentRead=True,
            ProjectionExpression=", ".join(_SUMMARY_NAMES),
            ExpressionAttributeNames=_SUMMARY_NAMES,
        ).get("Item")
        return None if item is None else OrderSummary.model_validate(item)

    def of_customer(self, customer_id: str, *, cursor: str | None, limit: int) -> OrderPage:
        """Return a page of a customer's orders, newest first."""
        items, next_cursor = self._page(
            CUSTOMERS_INDEX, {"customerId": customer_id}, cursor=cursor, limit=limit, oldest_first=False
        )
        # The index is older than the times of an order, and an index's attributes cannot be changed.
        whole = self._read([item["orderId"] for item in items])
        items = [whole.get(item["orderId"], item) for item in items]
        return OrderPage(
            orders=[OrderSummary.model_validate(item) for item in items], next_cursor=next_cursor
        )

    def of_restaurant(
        self, restaurant_name: str, queue: AnswerQueue, *, cursor: str | None, limit: int
    ) -> OrderPage:
        """Return a page of a restaurant's orders: those that wait oldest first, others newest first."""
        items, next_cursor = self._page(
            RESTAURANTS_INDEX,
            {"answerQueue": _queue(restaurant_name, queue)},
            cursor=cursor,
            limit=limit,
            oldest_first=queue is AnswerQueue.WAITING,
        )
        return OrderPage(
            orders=[OrderSummary.model_validate(item) for item in items], next_cursor=next_cursor
        )

    def mark_notified(self, order_id: str, *, at: datetime) -> bool:
        """Move an order from placed to notified; False when it was not in the state placed."""
        try:
            self._table.update_item(
                Key={"orderId": order_id},
                UpdateExpression="SET #state = :notified, notifiedAt = :at",
                ConditionExpression="#state = :placed",
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues={
                    ":notified": OrderState.NOTIFIED,
                    ":placed": OrderState.PLACED,
                    ":at": _text(at),
                },
            )
        except self._table.meta.client.exceptions.ConditionalCheckFailedException as refused:
            # The refusal could bring the item, but only whole, with its customer.
            found = self._table.get_item(
                Key={"orderId": order_id}, ConsistentRead=True, ProjectionExpression="orderId"
            )
            if "Item" not in found:
                raise OrderNotFoundError from refused
            return False
        return True

    def answer(
        self, order_id: str, answer: OrderState, *, restaurant_name: str, at: datetime
    ) -> OrderSummary:
        """Move a waiting order to its answer and give it; the answer that it has already changes nothing."""
        waiting = {f":{state}": state for state in WAITING}
        with suppress(self._table.meta.client.exceptions.ConditionalCheckFailedException):
            self._table.update_item(
                Key={"orderId": order_id},
                UpdateExpression="SET #state = :answer, answeredAt = :at, answerQueue = :queue",
                ConditionExpression=f"#state IN ({', '.join(waiting)}) AND restaurantName = :restaurant",
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues={
                    ":answer": answer,
                    ":at": _text(at),
                    ":queue": _queue(restaurant_name, AnswerQueue(answer)),
                    ":restaurant": restaurant_name,
                    **waiting,
                },
            )
        # The write could return the item, but only whole, with its customer. An answer never changes.
        order = self.find_summary(order_id)
        if order is None or order.restaurant_name != restaurant_name:
            raise OrderNotFoundError
        if order.state is not answer:
            raise OrderAlreadyAnsweredError(order.state)
        return order

    def erase_customer(self, order: OrderSummary, customer_id: str, *, at: datetime) -> bool:
        """Take the customer off an order, and cancel it if it waits; False when it is not theirs any more.

        One write does both, so that no event of the cancellation names the customer.
        """
        refused = self._table.meta.client.exceptions.ConditionalCheckFailedException
        key, mine = {"orderId": order.order_id}, "customerId = :customer"
        waiting = {f":{state}": state for state in WAITING}
        # Not one word for all: the index would hold them under one key.
        values = {":customer": customer_id, ":erased": f"erased-{order.order_id}"}
        with suppress(refused):
            self._table.update_item(
                Key=key,
                UpdateExpression=(
                    "SET customerId = :erased, #state = :cancelled, answeredAt = :at, answerQueue = :queue"
                ),
                ConditionExpression=f"{mine} AND #state IN ({', '.join(waiting)})",
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues={
                    ":cancelled": OrderState.CANCELLED,
                    ":at": _text(at),
                    ":queue": _queue(order.restaurant_name, AnswerQueue.CANCELLED),
                    **values,
                    **waiting,
                },
            )
            return True
        # An order that does not wait never does again.
        with suppress(refused):
            self._table.update_item(
                Key=key,
                UpdateExpression="SET customerId = :erased",
                ConditionExpression=mine,
                ExpressionAttributeValues=values,
            )
            return True
        return False

    def _page(
        self, index: str, key: dict[str, str], *, cursor: str | None, limit: int, oldest_first: bool
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Return what an index holds under a key, and the cursor of the next page."""
        [(name, value)] = key.items()
        query: QueryInputTableQueryTypeDef = {
            "IndexName": index,
            "KeyConditionExpression": Key(name).eq(value),
            "ScanIndexForward": oldest_first,
            "Limit": limit,
        }
        if cursor is not None:
            query["ExclusiveStartKey"] = key | _position(cursor)
        answer = self._table.query(**query)
        last = answer.get("LastEvaluatedKey")
        return answer["Items"], None if last is None else _cursor(last)

    def _read(self, order_ids: list[str]) -> dict[str, dict[str, Any]]:
        """Return the items of these orders by id, without those for which DynamoDB has no capacity now."""
        if not order_ids:
            return {}
        keys = [{"orderId": order_id} for order_id in order_ids]
        answer = self._table.meta.client.batch_get_item(RequestItems={self._table_name: {"Keys": keys}})
        return {str(item["orderId"]): item for item in answer["Responses"][self._table_name]}


def _item(order: Order) -> dict[str, Any]:
    item = order.model_dump(mode="json", by_alias=True, exclude_none=True)
    return item | {
        "placedAt": _text(order.placed_at),
        "answerQueue": _queue(order.restaurant_name, AnswerQueue.WAITING),
    }


def _text(at: datetime) -> str:
    """Write a time always with microseconds, so that an index sorts the text as it would the time."""
    return at.isoformat(timespec="microseconds")


def _queue(restaurant_name: str, queue: AnswerQueue) -> str:
    """Return the key of a restaurant's list; no queue has a `#` in its name, so no two lists share one."""
    return f"{restaurant_name}#{queue}"


def _cursor(position: dict[str, Any]) -> str:
    """Make a cursor of a place in the index. It leaves the customer out: that is always the caller."""
    return make_cursor(position["placedAt"], position["orderId"])


def _position(cursor: str) -> dict[str, str]:
    try:
        placed_at, order_id = read_cursor(cursor, parts=2)
    except InvalidCursor as broken:
        raise InvalidCursorError from broken
    return {"placedAt": placed_at, "orderId": order_id}
