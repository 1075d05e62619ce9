"""Telling customers what became of their orders."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from notifications.domain.models import OrderAnswered
from notifications.domain.notify_customer import WORDS, notify_customer
from notifications.handlers.notify_customer import handle

from .notifications_fakes import FakeCustomerChannel
from .test_notify_restaurant import CONTEXT

DETAIL = {"orderId": "1", "restaurantName": "Fangtasia", "customerId": "ada"}
ORDERS_EVENTS = Path(__file__).parents[2] / "orders" / "events"


def message(message_id: str, detail: object, detail_type: str = "order_accepted") -> dict[str, Any]:
    event = {
        "id": f"event-of-{message_id}",
        "source": "big-mouth",
        "detail-type": detail_type,
        "time": "2026-01-31T12:00:00Z",
        "detail": detail,
    }
    return {"messageId": message_id, "body": json.dumps(event), "eventSource": "aws:sqs", "attributes": {}}


def deliver(*messages: dict[str, Any]) -> list[str]:
    failed = handle({"Records": list(messages)}, CONTEXT)["batchItemFailures"]
    return [failure["itemIdentifier"] for failure in failed]


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("order_accepted", "Fangtasia has accepted your order."),
        ("order_rejected", "Fangtasia cannot take your order."),
        ("order_expired", "Fangtasia did not answer, so your order is cancelled."),
    ],
)
def test_a_customer_is_told_in_words(customer_channel: FakeCustomerChannel, what: str, text: str) -> None:
    assert deliver(message("m1", DETAIL, what)) == []
    assert customer_channel.told == [("ada", {"orderId": "1", "what": what, "text": text})]


def test_an_event_that_comes_twice_is_told_once(customer_channel: FakeCustomerChannel) -> None:
    deliver(message("m1", DETAIL), message("m2", DETAIL))
    assert len(customer_channel.told) == 1


def test_each_thing_that_happens_to_an_order_is_told(customer_channel: FakeCustomerChannel) -> None:
    deliver(message("m1", DETAIL), message("m2", DETAIL, "order_expired"))
    assert [notice["what"] for _, notice in customer_channel.told] == ["order_accepted", "order_expired"]


def test_nobody_is_told_when_the_event_does_not_say_who() -> None:
    channel = FakeCustomerChannel()
    order = OrderAnswered(order_id="1", restaurant_name="Fangtasia")
    assert not notify_customer(channel, what_happened="order_accepted", order=order)
    assert channel.told == []


def test_something_that_nobody_has_words_for_goes_back_to_the_queue(
    customer_channel: FakeCustomerChannel,
) -> None:
    assert deliver(message("m1", DETAIL, "order_eaten")) == ["m1"]
    assert customer_channel.told == []


@pytest.mark.parametrize("what", sorted(WORDS))
def test_what_orders_promises_is_understood(what: str) -> None:
    promised = json.loads((ORDERS_EVENTS / f"{what}.schema.json").read_text())
    assert {"orderId", "restaurantName"} <= set(promised["required"])
    for example in promised["examples"]:
        jsonschema.validate(example, promised)
        assert OrderAnswered.model_validate(example).customer_id
