"""Telling customers what became of their orders."""

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from notifications import wiring
from notifications.domain.models import OrderAnswered
from notifications.domain.notify_customer import WORDS, notify_customer
from notifications.handlers.notify_customer import handle
from service_kit import testing
from service_kit.testing import bus_event, queue_message

from .notifications_fakes import FakeCustomerChannel, assert_fits

DETAIL = {"orderId": "1", "restaurantName": "Fangtasia", "customerId": "ada"}
MESSAGES = Path(__file__).parents[1] / "messages"


def message(message_id: str, detail: object, detail_type: str = "order_accepted") -> dict[str, Any]:
    return queue_message(
        message_id, bus_event(detail, detail_type=detail_type, event_id=f"event-of-{message_id}")
    )


def deliver(*messages: dict[str, Any]) -> list[str]:
    return testing.deliver(handle, *messages)


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


def test_a_notice_is_json_that_channels_filter_by_its_customer(sns: Stubber) -> None:
    sns.add_response(
        "publish",
        {"MessageId": "a"},
        {
            "TopicArn": "arn:aws:sns:eu-central-1:123456789012:notifications-test-restaurants",
            "Message": '{"orderId": "1", "text": "Crêperie has accepted your order."}',
            "MessageAttributes": {
                "customerId": {"DataType": "String", "StringValue": "ada"},
                "correlationId": {"DataType": "String", "StringValue": "unknown"},
            },
        },
    )
    wiring.customer_channel().tell("ada", {"orderId": "1", "text": "Crêperie has accepted your order."})


def test_a_topic_that_refuses_a_notice_is_an_error(sns: Stubber) -> None:
    sns.add_client_error("publish", "AuthorizationErrorException")
    with pytest.raises(ClientError, match="AuthorizationError"):
        wiring.customer_channel().tell("ada", {"orderId": "1"})


def test_it_says_that_somebody_was_told() -> None:
    channel = FakeCustomerChannel()
    order = OrderAnswered(order_id="1", restaurant_name="Fangtasia", customer_id="ada")
    assert notify_customer(channel, what_happened="order_accepted", order=order) is True
    assert channel.told[0][0] == "ada"


def test_nobody_is_told_when_the_event_does_not_say_who() -> None:
    channel = FakeCustomerChannel()
    order = OrderAnswered(order_id="1", restaurant_name="Fangtasia")
    assert notify_customer(channel, what_happened="order_accepted", order=order) is False
    assert channel.told == []


def test_something_that_nobody_has_words_for_goes_back_to_the_queue(
    customer_channel: FakeCustomerChannel,
) -> None:
    assert deliver(message("m1", DETAIL, "order_eaten")) == ["m1"]
    assert customer_channel.told == []


@pytest.mark.parametrize("what", sorted(WORDS))
def test_what_is_sent_to_customers_fits_its_schema(sns: Stubber, what: str) -> None:
    sent: dict[str, Any] = {}
    sns.add_response("publish", {"MessageId": "a"})
    sns.client.meta.events.register(
        "provide-client-params.sns.Publish", lambda params, **_: sent.update(params)
    )
    order = OrderAnswered(order_id="1", restaurant_name="Fangtasia", customer_id="ada")

    notify_customer(wiring.customer_channel(), what_happened=what, order=order)

    assert_fits(sent, json.loads((MESSAGES / "customers.schema.json").read_text()))
