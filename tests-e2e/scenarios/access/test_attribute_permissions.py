"""Roles that may use some attributes of an order are refused the others, whatever code runs under them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from drivers.exchange import Driver
from steps import function_roles, given
from steps.shop import catalogue, then, when
from support.stage import Stage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# The suite takes on roles of functions, which on AWS only Lambda may.
pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only, pytest.mark.about("orders")]

Ask = Callable[["DynamoDBClient", dict[str, Any]], object]

SERVES_RESTAURANTS = ["accept-order", "reject-order", "expire-order"]
WRITES = [*SERVES_RESTAURANTS, "cancel-order", "mark-order-notified", "erase-customer"]
# No order fits it, so what is allowed changes none.
NEVER = {
    "ConditionExpression": "#state = :never",
    "ExpressionAttributeNames": {"#state": "state"},
    "ExpressionAttributeValues": {":never": {"S": "never"}},
}


def _read(**asked: Any) -> Ask:
    return lambda dynamodb, item: dynamodb.get_item(**item, **asked)


def _write(attribute: str, **asked: Any) -> Ask:
    expression = f"SET {attribute} = :never"
    return lambda dynamodb, item: dynamodb.update_item(**item, UpdateExpression=expression, **NEVER | asked)


READS_MORE = {
    "everything": _read(),
    "the customer": _read(ProjectionExpression="customerId"),
    "the customer beside the order": _read(ProjectionExpression="orderId, customerId"),
}
WRITES_MORE = {
    "returns everything": _write("#state", ReturnValues="ALL_NEW"),
    "returns everything when it is refused": _write("#state", ReturnValuesOnConditionCheckFailure="ALL_OLD"),
    "by another attribute": _write("#state", ConditionExpression="#state = :never AND answerToken = :never"),
    "another attribute": _write("answerToken"),
    "a new item": lambda dynamodb, item: dynamodb.put_item(
        TableName=item["TableName"], Item=item["Key"] | {"state": {"S": "placed"}}
    ),
    "no item": lambda dynamodb, item: dynamodb.delete_item(**item),
}


@pytest.fixture(scope="module")
def item(driver: Driver, stage: Stage, any_customer: given.User) -> dict[str, Any]:
    """Where an order is."""
    order_id = then.an_order_is_placed(
        when.a_customer_orders_from(driver, any_customer, catalogue.A_RESTAURANT)
    )
    return {"TableName": f"orders-{stage.home_of('orders')}", "Key": {"orderId": {"S": order_id}}}


@pytest.mark.parametrize("ask", READS_MORE.values(), ids=READS_MORE)
@pytest.mark.parametrize("function", [*SERVES_RESTAURANTS, "mark-order-notified"])
def test_who_serves_restaurants_reads_orders_without_their_customers(
    stage: Stage, item: dict[str, Any], function: str, ask: Ask
) -> None:
    dynamodb = _under_the_role_of(stage, function)

    found = dynamodb.get_item(**item, ProjectionExpression="orderId")["Item"]
    assert found == item["Key"]
    assert _answer(ask, dynamodb, item) == "AccessDeniedException"


@pytest.mark.parametrize("function", [*SERVES_RESTAURANTS, "cancel-order", "mark-order-notified"])
def test_who_changes_the_state_of_an_order_changes_not_whose_it_is(
    stage: Stage, item: dict[str, Any], function: str
) -> None:
    dynamodb = _under_the_role_of(stage, function)

    assert _answer(_write("#state"), dynamodb, item) == "ConditionalCheckFailedException"
    assert _answer(_write("customerId"), dynamodb, item) == "AccessDeniedException"


@pytest.mark.parametrize("attribute", ["restaurantName", "placedAt", "answerBy", "notifiedAt"])
def test_who_erases_a_customer_changes_nothing_that_restaurants_know(
    stage: Stage, item: dict[str, Any], attribute: str
) -> None:
    dynamodb = _under_the_role_of(stage, "erase-customer")

    assert _answer(_write("customerId"), dynamodb, item) == "ConditionalCheckFailedException"
    assert _answer(_write(attribute), dynamodb, item) == "AccessDeniedException"


@pytest.mark.parametrize("ask", WRITES_MORE.values(), ids=WRITES_MORE)
@pytest.mark.parametrize("function", WRITES)
def test_a_role_that_writes_some_attributes_of_an_order_is_refused_all_others(
    stage: Stage, item: dict[str, Any], function: str, ask: Ask
) -> None:
    assert _answer(ask, _under_the_role_of(stage, function), item) == "AccessDeniedException"


def _answer(ask: Ask, dynamodb: "DynamoDBClient", item: dict[str, Any]) -> str:
    with pytest.raises(ClientError) as refusal:
        ask(dynamodb, item)
    return refusal.value.response["Error"]["Code"]


def _under_the_role_of(stage: Stage, function: str) -> "DynamoDBClient":
    return function_roles.session(stage, "orders", function).client("dynamodb")
