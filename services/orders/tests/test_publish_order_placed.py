"""Telling the bus of new orders."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from botocore.stub import Stubber

from orders import wiring
from orders.domain.events import OrderPlaced
from orders.domain.publish_order_placed import publish_order_placed
from orders.handlers.publish_order_placed import handle
from service_kit.events import EventsNotPublished
from service_kit.validation import InvalidData

from .orders_fakes import NOON, FakeBus, order
from .orders_requests import CONTEXT, stream_record

IMAGE = {
    "orderId": "1",
    "customerId": "ada",
    "restaurantName": "Fangtasia",
    "state": "placed",
    "placedAt": "2026-01-31T12:00:00.000000+00:00",
}


def test_each_order_is_one_event_in_the_same_sequence() -> None:
    bus = FakeBus()
    publish_order_placed(bus, [order("2", restaurant_name="Pizza Planet"), order("1")])
    assert bus.published == [
        OrderPlaced(order_id="2", restaurant_name="Pizza Planet", placed_at=NOON),
        OrderPlaced(order_id="1", restaurant_name="Fangtasia", placed_at=NOON),
    ]


def test_the_event_says_nothing_of_the_customer() -> None:
    bus = FakeBus()
    publish_order_placed(bus, [order("1", customer_id="ada")])
    assert "ada" not in bus.published[0].model_dump_json(by_alias=True)


def test_the_example_in_the_events_schema_fits_the_schema() -> None:
    [example] = OrderPlaced.model_json_schema()["examples"]
    event = OrderPlaced.model_validate_json(json.dumps(example))
    assert json.loads(event.model_dump_json(by_alias=True)) == example


def test_the_event_fits_the_schema_that_consumers_have() -> None:
    schema = Path(__file__).parents[1] / "events" / "order_placed.schema.json"
    event = OrderPlaced(order_id="1", restaurant_name="Fangtasia", placed_at=NOON)
    jsonschema.validate(event.model_dump(mode="json", by_alias=True), json.loads(schema.read_text()))


def test_consumers_can_rely_on_the_order_and_its_restaurant() -> None:
    assert set(OrderPlaced.model_json_schema()["required"]) == {"orderId", "restaurantName"}


def deliver(*records: dict[str, Any]) -> None:
    handle({"Records": list(records)}, CONTEXT)


def test_the_stream_publishes_all_new_orders(bus: FakeBus) -> None:
    deliver(stream_record("INSERT", IMAGE), stream_record("INSERT", IMAGE | {"orderId": "2"}))
    assert [event.order_id for event in bus.published] == ["1", "2"]
    assert bus.published[0] == OrderPlaced(order_id="1", restaurant_name="Fangtasia", placed_at=NOON)


@pytest.mark.parametrize("change", ["MODIFY", "REMOVE"])
def test_the_stream_publishes_nothing_for_an_order_that_is_not_new(bus: FakeBus, change: str) -> None:
    deliver(stream_record(change, IMAGE))
    assert bus.published == []


def test_the_stream_brings_a_batch_again_that_was_not_published(bus: FakeBus) -> None:
    bus.failure = EventsNotPublished({0: "ThrottlingException"})
    with pytest.raises(EventsNotPublished):
        deliver(stream_record("INSERT", IMAGE))


def test_the_stream_brings_a_batch_again_in_which_an_item_is_no_order(bus: FakeBus) -> None:
    with pytest.raises(InvalidData, match="restaurantName"):
        deliver(stream_record("INSERT", {"orderId": "1"}))
    assert bus.published == []


def entry(order_id: str) -> dict[str, str]:
    detail = {"orderId": order_id, "restaurantName": "Fangtasia", "placedAt": "2026-01-31T12:00:00Z"}
    return {
        "EventBusName": "big-mouth-test",
        "Source": "big-mouth",
        "DetailType": "order_placed",
        "Detail": json.dumps(detail, separators=(",", ":")),
    }


def test_eventbridge_gets_the_events_in_one_call(eventbridge: Stubber) -> None:
    eventbridge.add_response(
        "put_events",
        {"FailedEntryCount": 0, "Entries": [{"EventId": "a"}, {"EventId": "b"}]},
        {"Entries": [entry("1"), entry("2")]},
    )
    publish_order_placed(wiring.event_bus(), [order("1"), order("2")])


def test_an_entry_that_eventbridge_refuses_for_good_is_an_error(eventbridge: Stubber) -> None:
    eventbridge.add_response(
        "put_events",
        {
            "FailedEntryCount": 1,
            "Entries": [{"EventId": "a"}, {"ErrorCode": "NotAuthorizedForSourceException"}],
        },
    )
    with pytest.raises(EventsNotPublished) as raised:
        publish_order_placed(wiring.event_bus(), [order("1"), order("2")])
    assert raised.value.failures == {1: "NotAuthorizedForSourceException"}
