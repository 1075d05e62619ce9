"""Telling a restaurant of an order."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from botocore.stub import Stubber

from notifications import wiring
from notifications.domain.events import RestaurantNotified
from notifications.domain.models import OrderForRestaurant
from notifications.domain.notify_restaurant import notify_restaurant
from notifications.handlers.notify_restaurant import handle
from service_kit import testing
from service_kit.events import EventsNotPublished
from service_kit.invocation import invocation
from service_kit.testing import bus_event, lambda_context, queue_message

from .notifications_fakes import FakeBus, FakeChannel, FakeDeliveries, assert_fits, order

SERVICES = Path(__file__).parents[2]


class TestTheDomain:
    def test_tells_the_restaurant_and_then_the_bus(self) -> None:
        bus = FakeBus()
        channel = FakeChannel(bus)
        notify_restaurant(channel, bus, what_happened="order_placed", order=order())
        assert channel.told == [order()]
        assert channel.events_before == [0]
        assert bus.published == [RestaurantNotified(order_id="1", restaurant_name="Fangtasia")]

    def test_tells_the_bus_nothing_when_the_restaurant_could_not_be_told(self) -> None:
        bus = FakeBus()
        channel = FakeChannel(bus)
        channel.failures["Fangtasia"] = ConnectionError()
        with pytest.raises(ConnectionError):
            notify_restaurant(channel, bus, what_happened="order_placed", order=order())
        assert bus.published == []

    def test_fails_when_the_bus_did_not_accept_the_event(self) -> None:
        bus = FakeBus()
        bus.failure = EventsNotPublished({0: "ThrottlingException"})
        with pytest.raises(EventsNotPublished):
            notify_restaurant(FakeChannel(bus), bus, what_happened="order_placed", order=order())


class TestTheEvent:
    def test_fits_the_schema_that_consumers_have(self) -> None:
        schema = SERVICES / "notifications/events/restaurant_notified.schema.json"
        event = RestaurantNotified(order_id="1", restaurant_name="Fangtasia")
        jsonschema.validate(event.model_dump(mode="json", by_alias=True), json.loads(schema.read_text()))

    def test_its_example_fits_its_schema(self) -> None:
        [example] = RestaurantNotified.model_json_schema()["examples"]
        event = RestaurantNotified.model_validate_json(json.dumps(example))
        assert json.loads(event.model_dump_json(by_alias=True)) == example

    def test_consumers_can_rely_on_the_order_and_its_restaurant(self) -> None:
        assert set(RestaurantNotified.model_json_schema()["required"]) == {"orderId", "restaurantName"}


@pytest.mark.parametrize("what", ["order_placed", "order_cancelled"])
def test_what_is_sent_to_restaurants_fits_its_schema(sns: Stubber, what: str) -> None:
    promised = json.loads((SERVICES / f"orders/events/{what}.schema.json").read_text(encoding="utf-8"))
    schema = json.loads((SERVICES / "notifications/messages/restaurants.schema.json").read_text())
    for example in promised["examples"]:
        sent: dict[str, Any] = {}
        sns.add_response("publish", {"MessageId": "a"})
        sns.client.meta.events.register(
            "provide-client-params.sns.Publish", lambda params, sent=sent, **_: sent.update(params)
        )
        wiring.channel().tell(what, OrderForRestaurant.model_validate(example))
        assert_fits(sent, schema)


def message(message_id: str, detail: object, what: str = "order_placed") -> dict[str, Any]:
    return queue_message(message_id, bus_event(detail, detail_type=what, event_id=f"event-of-{message_id}"))


def deliver(*messages: dict[str, Any]) -> list[str]:
    return testing.deliver(handle, *messages)


def times_to_notify(capsys: pytest.CaptureFixture[str]) -> list[float]:
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [took for line in lines for took in line.get("TimeToNotifyMilliseconds", [])]


@pytest.mark.usefixtures("deliveries")
class TestTheQueue:
    def test_tells_the_restaurant_of_each_message(self, channel: FakeChannel, bus: FakeBus) -> None:
        failed = deliver(
            message("a", {"orderId": "1", "restaurantName": "Fangtasia"}),
            message("b", {"orderId": "2", "restaurantName": "Pizza Planet"}),
        )
        assert failed == []
        assert channel.told == [order("1"), order("2", "Pizza Planet")]
        assert [event.order_id for event in bus.published] == ["1", "2"]

    def test_tells_an_order_once_though_its_event_comes_twice(
        self, channel: FakeChannel, bus: FakeBus
    ) -> None:
        detail = {"orderId": "1", "restaurantName": "Fangtasia"}
        assert deliver(message("a", detail), message("b", detail)) == []
        assert deliver(message("c", detail)) == []
        assert len(channel.told) == len(bus.published) == 1

    def test_passes_on_what_it_does_not_know_of_an_order(self, channel: FakeChannel) -> None:
        detail = {"orderId": "1", "restaurantName": "Fangtasia", "placedAt": "2026-01-31T12:00:00Z"}
        deliver(message("a", detail))
        assert json.loads(channel.told[0].model_dump_json(by_alias=True)) == detail

    def test_measures_once_how_long_an_order_took_to_its_restaurant(
        self, bus: FakeBus, channel: FakeChannel, capsys: pytest.CaptureFixture[str]
    ) -> None:
        ten_seconds_ago = datetime.now(UTC) - timedelta(seconds=10)
        detail = {"orderId": "1", "restaurantName": "Fangtasia", "placedAt": ten_seconds_ago.isoformat()}
        deliver(message("a", detail))
        deliver(message("b", detail), message("c", detail, "order_cancelled"))
        [took] = times_to_notify(capsys)
        assert 10_000 <= took < 11_000

    def test_measures_nothing_of_an_order_without_the_time_at_which_it_was_placed(
        self, bus: FakeBus, channel: FakeChannel, capsys: pytest.CaptureFixture[str]
    ) -> None:
        deliver(message("a", {"orderId": "1", "restaurantName": "Fangtasia"}))
        assert len(channel.told) == 1
        assert times_to_notify(capsys) == []

    def test_tells_a_cancellation_once_and_no_bus(self, channel: FakeChannel, bus: FakeBus) -> None:
        detail = {"orderId": "1", "restaurantName": "Fangtasia", "customerId": "ada"}
        assert deliver(message("a", detail), message("b", detail, "order_cancelled")) == []
        assert deliver(message("c", detail, "order_cancelled")) == []
        assert channel.what == ["order_placed", "order_cancelled"]
        assert len(bus.published) == 1

    def test_does_not_tell_the_restaurant_who_the_customer_is(self, channel: FakeChannel) -> None:
        detail = {"orderId": "1", "restaurantName": "Fangtasia", "customerId": "ada"}
        deliver(message("a", detail, "order_cancelled"))
        assert "ada" not in channel.told[0].model_dump_json(by_alias=True)

    def test_brings_again_only_the_messages_that_failed(
        self, channel: FakeChannel, bus: FakeBus, deliveries: FakeDeliveries
    ) -> None:
        channel.failures["Pizza Planet"] = ConnectionError()
        failed = deliver(
            message("malformed", {"orderId": "0"}),
            message("away", {"orderId": "1", "restaurantName": "Pizza Planet"}),
            message("good", {"orderId": "2", "restaurantName": "Fangtasia"}),
        )
        assert failed == ["malformed", "away"]
        assert [event.order_id for event in bus.published] == ["2"]
        assert deliveries.done == {"2"}

    def test_tells_the_restaurant_again_when_the_bus_did_not_accept_the_event(
        self, channel: FakeChannel, bus: FakeBus
    ) -> None:
        detail = {"orderId": "1", "restaurantName": "Fangtasia"}
        bus.failure = EventsNotPublished({0: "ThrottlingException"})
        assert deliver(message("a", detail)) == ["a"]
        bus.failure = None
        assert deliver(message("a", detail)) == []
        assert len(channel.told) == 2
        assert len(bus.published) == 1


class TestTheTopic:
    def test_gets_the_order_as_json_and_its_restaurant_to_filter_by(self, sns: Stubber) -> None:
        detail = {"orderId": "1", "restaurantName": "Crêperie", "placedAt": "2026-01-31T12:00:00Z"}
        sns.add_response(
            "publish",
            {"MessageId": "a"},
            {
                "TopicArn": "arn:aws:sns:eu-central-1:123456789012:notifications-test-restaurants",
                "Message": json.dumps({"what": "order_cancelled"} | detail, ensure_ascii=False),
                "MessageAttributes": {
                    "restaurantName": {"DataType": "String", "StringValue": "Crêperie"},
                    "what": {"DataType": "String", "StringValue": "order_cancelled"},
                    "correlationId": {"DataType": "String", "StringValue": "c-1"},
                },
            },
        )
        with invocation(lambda_context(), correlation="c-1"):
            wiring.channel().tell("order_cancelled", OrderForRestaurant.model_validate(detail))

    def test_that_refuses_the_order_is_an_error(self, sns: Stubber) -> None:
        sns.add_client_error("publish", "AuthorizationErrorException")
        with pytest.raises(Exception, match="AuthorizationError"):
            wiring.channel().tell("order_placed", order())


class TestEventBridge:
    def test_gets_the_event(self, eventbridge: Stubber) -> None:
        eventbridge.add_response(
            "put_events",
            {"FailedEntryCount": 0, "Entries": [{"EventId": "a"}]},
            {
                "Entries": [
                    {
                        "EventBusName": "big-mouth-test",
                        "Source": "big-mouth",
                        "DetailType": "restaurant_notified",
                        "Detail": '{"orderId":"1","restaurantName":"Fangtasia",'
                        '"metadata":{"correlationId":"c-1","schemaVersion":"1"}}',
                    }
                ]
            },
        )
        with invocation(lambda_context(), correlation="c-1"):
            wiring.event_bus().publish_restaurant_notified(
                RestaurantNotified(order_id="1", restaurant_name="Fangtasia")
            )

    def test_that_refuses_the_event_is_an_error(self, eventbridge: Stubber) -> None:
        eventbridge.add_response(
            "put_events", {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "MalformedDetail"}]}
        )
        with pytest.raises(EventsNotPublished):
            wiring.event_bus().publish_restaurant_notified(
                RestaurantNotified(order_id="1", restaurant_name="Fangtasia")
            )
