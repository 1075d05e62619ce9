"""The DynamoDB table of orders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from boto3.dynamodb.conditions import Key

from orders.domain.errors import (
    InvalidCursorError,
    OrderAlreadyAnsweredError,
    OrderNotFoundError,
    OrderUncertainError,
)
from orders.domain.models import WAITING, Order, OrderPage, OrderState
from service_kit.aws import table
from service_kit.cursors import InvalidCursor, make_cursor, read_cursor
from service_kit.outages import outage_reason
from service_kit.startup import at_start

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_dynamodb.type_defs import QueryInputTableQueryTypeDef

INDEX = "orders-by-customer"


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
        try:
            self._table.put_item(
                Item=_item(order),
                ConditionExpression="attribute_not_exists(orderId)",
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

    def of_customer(self, customer_id: str, *, cursor: str | None, limit: int) -> OrderPage:
        """Return a page of a customer's orders, newest first."""
        query: QueryInputTableQueryTypeDef = {
            "IndexName": INDEX,
            "KeyConditionExpression": Key("customerId").eq(customer_id),
            "ScanIndexForward": False,
            "Limit": limit,
        }
        if cursor is not None:
            query["ExclusiveStartKey"] = {"customerId": customer_id} | _position(cursor)
        answer = self._table.query(**query)
        last = answer.get("LastEvaluatedKey")
        return OrderPage(
            orders=[Order.model_validate(item) for item in answer["Items"]],
            next_cursor=None if last is None else _cursor(last),
        )

    def mark_notified(self, order_id: str) -> bool:
        """Move an order from placed to notified; False when it was not in the state placed."""
        try:
            self._table.update_item(
                Key={"orderId": order_id},
                UpdateExpression="SET #state = :notified",
                ConditionExpression="#state = :placed",
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues={":notified": OrderState.NOTIFIED, ":placed": OrderState.PLACED},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._table.meta.client.exceptions.ConditionalCheckFailedException as refused:
            if not refused.response.get("Item"):
                raise OrderNotFoundError from refused
            return False
        return True

    def answer(self, order_id: str, answer: OrderState) -> Order:
        """Move a waiting order to its answer and give it; the answer that it has already changes nothing."""
        waiting = {f":{state}": state for state in WAITING}
        try:
            answered = self._table.update_item(
                Key={"orderId": order_id},
                UpdateExpression="SET #state = :answer",
                ConditionExpression=f"#state IN ({', '.join(waiting)}, :answer)",
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues={":answer": answer} | waiting,
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._table.meta.client.exceptions.ConditionalCheckFailedException as refused:
            item = cast("dict[str, Any]", refused.response.get("Item") or {})
            if not item:
                raise OrderNotFoundError from refused
            # The error carries the item as DynamoDB writes it, each value with its type.
            raise OrderAlreadyAnsweredError(item["state"]["S"]) from refused
        return Order.model_validate(answered["Attributes"])

    def remember_answer_token(self, order_id: str, token: str) -> None:
        """Note on an order how to end the waiting for its answer."""
        try:
            self._table.update_item(
                Key={"orderId": order_id},
                UpdateExpression="SET answerToken = :token",
                ConditionExpression="attribute_exists(orderId)",
                ExpressionAttributeValues={":token": token},
            )
        except self._table.meta.client.exceptions.ConditionalCheckFailedException as refused:
            raise OrderNotFoundError from refused


def _item(order: Order) -> dict[str, Any]:
    item = order.model_dump(by_alias=True, exclude_none=True)
    # Always with microseconds, so that the index sorts the text as it would the time.
    return item | {"placedAt": order.placed_at.isoformat(timespec="microseconds")}


def _cursor(position: dict[str, Any]) -> str:
    """Make a cursor of a place in the index. It leaves the customer out: that is always the caller."""
    return make_cursor(position["placedAt"], position["orderId"])


def _position(cursor: str) -> dict[str, str]:
    try:
        placed_at, order_id = read_cursor(cursor, parts=2)
    except InvalidCursor as broken:
        raise InvalidCursorError from broken
    return {"placedAt": placed_at, "orderId": order_id}
