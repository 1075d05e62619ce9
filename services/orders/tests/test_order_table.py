"""The orders in DynamoDB: what it is asked, and what is made of its answers."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from boto3.dynamodb.conditions import Key
from botocore.exceptions import ClientError
from botocore.stub import ANY, Stubber

from orders import wiring
from orders.adapters.order_table import OrderTable
from orders.domain.errors import InvalidCursorError, OrderNotFoundError, OrderUncertainError
from orders.domain.models import Order
from orders.handlers.list_orders import handle
from service_kit.testing import call, rest_event

from .orders_fakes import NOON, order

ITEM = {
    "orderId": "1",
    "customerId": "ada",
    "restaurantName": "Fangtasia",
    "state": "placed",
    "placedAt": "2026-01-31T12:00:00.000000+00:00",
    "answerQueue": "Fangtasia#waiting",
    "correlationId": "request-1",
}
PUT = {
    "TableName": "orders-test",
    "Item": ITEM,
    "ConditionExpression": "attribute_not_exists(orderId)",
}
POSITION = {name: ITEM[name] for name in ("orderId", "customerId", "placedAt")}
REFUSED = "ConditionalCheckFailedException"


@pytest.fixture
def table() -> OrderTable:
    return wiring.orders()


def as_answered(item: dict[str, str]) -> dict[str, dict[str, str]]:
    """Return an item as DynamoDB writes it; anew each time, since boto3 changes answers in place."""
    return {name: {"S": text} for name, text in item.items()}


def encoded(place: object) -> str:
    text = place if isinstance(place, str) else json.dumps(place)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def test_adding_writes_the_order_unless_there_is_one_of_its_id(table: OrderTable, dynamodb: Stubber) -> None:
    dynamodb.add_response("put_item", {}, PUT)
    assert table.add(order("1")) is True


def test_adding_an_order_of_a_known_id_says_so(table: OrderTable, dynamodb: Stubber) -> None:
    dynamodb.add_client_error("put_item", REFUSED, expected_params=PUT)
    assert table.add(order("1")) is False


@pytest.mark.parametrize("code", ["ThrottlingException", "InternalServerError", "SlowDown"])
def test_an_order_may_be_stored_when_dynamodb_fails_in_passing(
    table: OrderTable, dynamodb: Stubber, code: str
) -> None:
    dynamodb.add_client_error("put_item", code)
    with pytest.raises(OrderUncertainError):
        table.add(order("1"))


def test_an_order_that_dynamodb_refuses_is_not_uncertain(table: OrderTable, dynamodb: Stubber) -> None:
    dynamodb.add_client_error("put_item", "AccessDeniedException")
    with pytest.raises(ClientError, match="AccessDenied"):
        table.add(order("1"))


class ItemPlacedAt:
    """Equals every item of that time."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __eq__(self, item: object) -> bool:
        return isinstance(item, dict) and item["placedAt"] == self._text

    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("placed_at", "text"),
    [
        (datetime(2026, 1, 31, 12, 0, 0, 0, UTC), "2026-01-31T12:00:00.000000+00:00"),
        (datetime(2026, 1, 31, 12, 0, 0, 1, UTC), "2026-01-31T12:00:00.000001+00:00"),
        (datetime(2026, 1, 31, 12, 0, 0, 500_000, UTC), "2026-01-31T12:00:00.500000+00:00"),
    ],
)
def test_an_item_always_has_microseconds_so_that_text_sorts_as_time(
    table: OrderTable, dynamodb: Stubber, placed_at: datetime, text: str
) -> None:
    dynamodb.add_response("put_item", {}, PUT | {"Item": ItemPlacedAt(text)})
    table.add(order("1").model_copy(update={"placed_at": placed_at}))


def test_finding_reads_the_order_as_it_is_now(table: OrderTable, dynamodb: Stubber) -> None:
    dynamodb.add_response(
        "get_item",
        {"Item": as_answered(ITEM)},
        {"TableName": "orders-test", "Key": {"orderId": "1"}, "ConsistentRead": True},
    )
    assert table.find("1") == order("1")


def test_finding_an_order_that_does_not_exist_gives_none(table: OrderTable, dynamodb: Stubber) -> None:
    dynamodb.add_response("get_item", {})
    assert table.find("1") is None


def add_page(
    dynamodb: Stubber, *, last: dict[str, str] | None = None, whole: bool = True, **asked: object
) -> None:
    """Let DynamoDB answer a page of one order when it is asked so, and then its item or nothing."""
    answer = {"Items": [as_answered(ITEM)]} | (
        {} if last is None else {"LastEvaluatedKey": as_answered(last)}
    )
    asked = {
        "TableName": "orders-test",
        "IndexName": "orders-by-customer",
        "KeyConditionExpression": Key("customerId").eq("ada"),
        "ScanIndexForward": False,
        "Limit": 2,
    } | asked
    dynamodb.add_response("query", answer, asked)
    items = [as_answered(ITEM | {"notifiedAt": "2026-01-31T12:00:01.000000+00:00"})] if whole else []
    dynamodb.add_response(
        "batch_get_item",
        {"Responses": {"orders-test": items}},
        {"RequestItems": {"orders-test": {"Keys": [{"orderId": "1"}]}}},
    )


def test_listing_reads_one_customers_part_of_the_index_backwards(
    table: OrderTable, dynamodb: Stubber
) -> None:
    add_page(dynamodb)
    page = table.of_customer("ada", cursor=None, limit=2)
    assert [found.order_id for found in page.orders] == ["1"]
    assert page.next_cursor is None


def test_listing_shows_the_times_that_only_the_table_has(table: OrderTable, dynamodb: Stubber) -> None:
    add_page(dynamodb)
    [found] = table.of_customer("ada", cursor=None, limit=2).orders
    assert found.notified_at == NOON + timedelta(seconds=1)


def test_listing_shows_an_order_without_its_times_while_dynamodb_has_no_capacity_for_them(
    table: OrderTable, dynamodb: Stubber
) -> None:
    add_page(dynamodb, whole=False)
    [found] = table.of_customer("ada", cursor=None, limit=2).orders
    assert (found.order_id, found.notified_at) == ("1", None)


def test_listing_an_empty_page_reads_no_orders(table: OrderTable, dynamodb: Stubber) -> None:
    dynamodb.add_response("query", {"Items": []})
    assert table.of_customer("ada", cursor=None, limit=2).orders == []


def test_a_cursor_leads_on_from_where_its_page_ended(table: OrderTable, dynamodb: Stubber) -> None:
    add_page(dynamodb, last=POSITION)
    add_page(
        dynamodb,
        ExclusiveStartKey=POSITION,
    )
    cursor = table.of_customer("ada", cursor=None, limit=2).next_cursor
    assert table.of_customer("ada", cursor=cursor, limit=2).next_cursor is None


def test_a_cursor_does_not_tell_its_customer_and_may_stand_in_a_url(
    table: OrderTable, dynamodb: Stubber
) -> None:
    add_page(dynamodb, last=POSITION)
    cursor = table.of_customer("ada", cursor=None, limit=2).next_cursor
    assert cursor is not None
    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert b"ada" not in base64.urlsafe_b64decode(cursor + "==")


def test_a_strangers_cursor_leads_into_ones_own_orders(table: OrderTable, dynamodb: Stubber) -> None:
    add_page(
        dynamodb,
        ExclusiveStartKey={"customerId": "ada", "placedAt": "2026-01-31T12:00:00", "orderId": "of-bob"},
    )
    assert table.of_customer("ada", cursor=encoded(["2026-01-31T12:00:00", "of-bob"]), limit=2).orders


BAD_CURSORS = {
    "empty": "",
    "not base64": "%%%",
    "base64 among other things": encoded(["a", "b"]) + "%%%%",
    "not ASCII": "ü",
    "a length that base64 cannot have": "abcde",
    "not UTF-8": "_w",
    "not JSON": encoded("made up"),
    "an object": encoded({"placedAt": "a", "orderId": "b"}),
    "too short": encoded(["a"]),
    "too long": encoded(["a", "b", "c"]),
    "numbers": encoded([1, 2]),
    "an empty text": encoded(["a", ""]),
    "half a character": encoded(["\ud800", "b"]),
    "null": encoded("null"),
}


@pytest.mark.parametrize("cursor", BAD_CURSORS.values(), ids=BAD_CURSORS)
@pytest.mark.usefixtures("dynamodb")
def test_a_cursor_of_another_shape_is_refused_without_asking(table: OrderTable, cursor: str) -> None:
    with pytest.raises(InvalidCursorError):
        table.of_customer("ada", cursor=cursor, limit=2)


@pytest.mark.parametrize("cursor", BAD_CURSORS.values(), ids=BAD_CURSORS)
@pytest.mark.usefixtures("dynamodb")
def test_the_endpoint_answers_a_cursor_of_another_shape_400(cursor: str) -> None:
    assert call(handle, rest_event(caller="ada", query={"cursor": cursor})).status == 400


MARK = {
    "TableName": "orders-test",
    "Key": {"orderId": "1"},
    "UpdateExpression": "SET #state = :notified, notifiedAt = :at",
    "ConditionExpression": "#state = :placed",
    "ExpressionAttributeNames": {"#state": "state"},
    "ExpressionAttributeValues": {
        ":notified": "notified",
        ":placed": "placed",
        ":at": "2026-01-31T12:00:00.000000+00:00",
    },
}
EXISTS = {
    "TableName": "orders-test",
    "Key": {"orderId": "1"},
    "ConsistentRead": True,
    "ProjectionExpression": "orderId",
}


def test_marking_moves_an_order_from_placed_to_notified_in_one_write(
    table: OrderTable, dynamodb: Stubber
) -> None:
    dynamodb.add_response("update_item", {}, MARK)
    assert table.mark_notified("1", at=NOON) is True


def test_marking_an_order_that_is_not_placed_says_so(table: OrderTable, dynamodb: Stubber) -> None:
    dynamodb.add_client_error("update_item", REFUSED, expected_params=MARK)
    dynamodb.add_response("get_item", {"Item": as_answered({"orderId": "1"})}, EXISTS)
    assert table.mark_notified("1", at=NOON) is False


def test_marking_an_order_that_does_not_exist_finds_none(table: OrderTable, dynamodb: Stubber) -> None:
    dynamodb.add_client_error("update_item", REFUSED, expected_params=MARK)
    dynamodb.add_response("get_item", {}, EXISTS)
    with pytest.raises(OrderNotFoundError):
        table.mark_notified("1", at=NOON)


def test_a_written_item_reads_as_the_same_order() -> None:
    assert Order.model_validate(ITEM) == order("1")


def test_the_table_is_the_one_that_the_environment_names(dynamodb: Stubber, table: OrderTable) -> None:
    dynamodb.add_response("get_item", {}, {"TableName": "orders-test", "Key": ANY, "ConsistentRead": True})
    table.find("1")
