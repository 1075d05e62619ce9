"""The memory of deliveries in DynamoDB: what it is asked, and what is made of its answers."""

import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from aws_lambda_powertools.utilities.idempotency.exceptions import IdempotencyAlreadyInProgressError
from botocore.stub import ANY, Stubber

from notifications import wiring
from notifications.adapters.deliveries import Deliveries
from service_kit.invocation import invocation

DAY_SECONDS = 24 * 3600
REMAINING_MILLISECONDS = 9_000


@pytest.fixture
def deliveries(dynamodb: Stubber) -> Iterator[Deliveries]:
    """Deliveries within an invocation, whose end they have to know."""
    context = SimpleNamespace(
        aws_request_id="lambda-request",
        function_name="notifications-test-notify-restaurant",
        get_remaining_time_in_millis=lambda: REMAINING_MILLISECONDS,
    )
    with invocation(context):
        yield wiring.deliveries()


class Calls:
    """A delivery that counts itself."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.number = 0
        self._failure = failure

    def __call__(self) -> None:
        self.number += 1
        if self._failure is not None:
            raise self._failure


class Item:
    """Equals any item, and keeps it."""

    def __init__(self) -> None:
        self.attributes: dict[str, dict[str, str]] = {}

    def __eq__(self, attributes: object) -> bool:
        assert isinstance(attributes, dict)
        self.attributes = attributes
        return True

    __hash__ = None  # type: ignore[assignment]

    @property
    def id(self) -> str:
        return self.attributes["id"]["S"]

    def number(self, name: str) -> int:
        return int(self.attributes[name]["N"])


def expect_claim(dynamodb: Stubber) -> Item:
    """Let DynamoDB accept that a delivery begins, and give what was written."""
    item = Item()
    asked = {
        "TableName": "notifications-test-deliveries",
        "Item": item,
        "ConditionExpression": ANY,
        "ExpressionAttributeNames": ANY,
        "ExpressionAttributeValues": ANY,
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    dynamodb.add_response("put_item", {}, asked)
    return item


def refuse_claim(dynamodb: Stubber, status: str) -> None:
    """Let DynamoDB say that the delivery began before."""
    known: dict[str, Any] = {
        "id": {"S": "notify-restaurant#1"},
        "status": {"S": status},
        "expiration": {"N": str(int(time.time()) + DAY_SECONDS)},
        "in_progress_expiration": {"N": str(int(time.time() * 1000) + REMAINING_MILLISECONDS)},
    }
    if status == "COMPLETED":
        known["data"] = {"S": "null"}
    dynamodb.add_client_error("put_item", "ConditionalCheckFailedException", modeled_fields={"Item": known})


def delivered(deliveries: Deliveries, dynamodb: Stubber, order_id: str) -> Item:
    """Deliver an order that was not delivered before, and give what was written first."""
    item = expect_claim(dynamodb)
    dynamodb.add_response("update_item", {})
    deliveries.once(order_id, Calls())
    return item


def test_an_order_that_was_not_delivered_is_and_that_is_remembered(
    deliveries: Deliveries, dynamodb: Stubber
) -> None:
    calls = Calls()
    expect_claim(dynamodb)
    dynamodb.add_response("update_item", {})
    deliveries.once("1", calls)
    assert calls.number == 1


def test_an_order_that_was_delivered_is_not_delivered_again(
    deliveries: Deliveries, dynamodb: Stubber
) -> None:
    calls = Calls()
    refuse_claim(dynamodb, "COMPLETED")
    deliveries.once("1", calls)
    assert calls.number == 0


def test_an_order_whose_delivery_is_under_way_comes_again_later(
    deliveries: Deliveries, dynamodb: Stubber
) -> None:
    calls = Calls()
    refuse_claim(dynamodb, "INPROGRESS")
    with pytest.raises(IdempotencyAlreadyInProgressError):
        deliveries.once("1", calls)
    assert calls.number == 0


def test_a_delivery_that_fails_is_forgotten_so_that_it_is_done_again(
    deliveries: Deliveries, dynamodb: Stubber
) -> None:
    item = expect_claim(dynamodb)
    forgotten = Item()
    dynamodb.add_response("delete_item", {}, {"TableName": "notifications-test-deliveries", "Key": forgotten})
    with pytest.raises(ConnectionError, match="away"):
        deliveries.once("1", Calls(ConnectionError("away")))
    assert forgotten.id == item.id


def test_a_delivery_is_known_by_its_order(deliveries: Deliveries, dynamodb: Stubber) -> None:
    first, again, other = (delivered(deliveries, dynamodb, order_id) for order_id in ("1", "1", "2"))
    assert first.id == again.id != other.id
    assert first.id.startswith("notify-restaurant#")


def test_a_delivery_is_remembered_for_as_long_as_queues_keep_events(
    deliveries: Deliveries, dynamodb: Stubber
) -> None:
    before = int(time.time())
    item = delivered(deliveries, dynamodb, "1")
    assert before <= item.number("expiration") - 14 * DAY_SECONDS <= time.time() + 1


def test_a_delivery_that_was_cut_off_counts_as_under_way_until_its_invocation_would_have_ended(
    deliveries: Deliveries, dynamodb: Stubber
) -> None:
    before = int(time.time() * 1000)
    item = delivered(deliveries, dynamodb, "1")
    ends = item.number("in_progress_expiration")
    assert before <= ends - REMAINING_MILLISECONDS <= time.time() * 1000 + 1
