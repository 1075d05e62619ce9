"""Telling the bus what happened to orders."""

import importlib.util
import json
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest
from botocore.stub import ANY, Stubber
from pydantic import ValidationError

from orders import wiring
from orders.domain.errors import NotPublishedError
from orders.domain.events import (
    OrderAccepted,
    OrderCancelled,
    OrderEvent,
    OrderExpired,
    OrderPlaced,
    OrderRejected,
)
from orders.domain.models import Order, OrderState
from orders.domain.publish_order_events import OrderChange, Refusal, event_of, publish_order_events
from orders.handlers.publish_order_events import handle
from service_kit.testing import lambda_context, stream_record

from .orders_fakes import NOON, FakeBus, FakeUnpublished, order

IMAGE = {
    "orderId": "1",
    "customerId": "ada",
    "restaurantName": "Fangtasia",
    "state": "placed",
    "placedAt": "2026-01-31T12:00:00.000000+00:00",
}
GIVE_UP_AFTER = timedelta(minutes=15)
PUBLISHED = Path(__file__).parents[1] / "events"
EVENTS: list[type[OrderEvent]] = [OrderPlaced, OrderAccepted, OrderRejected, OrderCancelled, OrderExpired]


def placed(new: Order, *, minutes_ago: float = 0) -> OrderChange:
    return OrderChange(before=None, now=new, at=NOON - timedelta(minutes=minutes_ago))


def moved(before: OrderState, now: OrderState) -> OrderChange:
    return OrderChange(before=order("1", state=before), now=order("1", state=now), at=NOON)


def publish(bus: FakeBus, unpublished: FakeUnpublished, *changes: OrderChange) -> None:
    publish_order_events(bus, unpublished, changes, now=NOON, give_up_after=GIVE_UP_AFTER)


def test_each_new_order_is_one_event_in_the_same_sequence() -> None:
    bus = FakeBus()
    publish(bus, FakeUnpublished(), placed(order("2", restaurant_name="Pizza Planet")), placed(order("1")))
    assert bus.published == [
        OrderPlaced(order_id="2", restaurant_name="Pizza Planet", placed_at=NOON, correlation_id="request-2"),
        OrderPlaced(order_id="1", restaurant_name="Fangtasia", placed_at=NOON, correlation_id="request-1"),
    ]


@pytest.mark.parametrize("change", [placed(order("1")), moved(OrderState.NOTIFIED, OrderState.ACCEPTED)])
def test_every_event_of_an_order_has_the_correlation_id_of_its_placing(change: OrderChange) -> None:
    event = event_of(change)
    assert event is not None
    assert event.correlation_id == "request-1"


def test_an_order_from_before_correlation_ids_is_followed_by_its_own_id() -> None:
    old = order("1").model_copy(update={"correlation_id": None})
    event = event_of(placed(old))
    assert event is not None
    assert event.correlation_id == "1"


def test_the_event_of_a_new_order_says_until_when_to_answer() -> None:
    until = NOON + timedelta(minutes=15)
    event = event_of(placed(order("1").model_copy(update={"answer_by": until})))
    assert isinstance(event, OrderPlaced)
    assert event.answer_by == until


def test_the_event_of_a_new_order_says_nothing_of_the_customer() -> None:
    event = event_of(placed(order("1", customer_id="ada")))
    assert event is not None
    assert "ada" not in event.model_dump_json(by_alias=True)


@pytest.mark.parametrize("before", [OrderState.PLACED, OrderState.NOTIFIED])
@pytest.mark.parametrize(
    ("answer", "event"),
    [
        (OrderState.ACCEPTED, OrderAccepted),
        (OrderState.REJECTED, OrderRejected),
        (OrderState.EXPIRED, OrderExpired),
        (OrderState.CANCELLED, OrderCancelled),
    ],
)
def test_an_answer_is_an_event_that_says_whose_order_it_is(
    before: OrderState, answer: OrderState, event: type[OrderEvent]
) -> None:
    assert event_of(moved(before, answer)) == event.model_validate(
        {
            "order_id": "1",
            "restaurant_name": "Fangtasia",
            "placed_at": NOON,
            "customer_id": "ada",
            "correlation_id": "request-1",
        }
    )


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (OrderState.PLACED, OrderState.NOTIFIED),
        (OrderState.PLACED, OrderState.PLACED),
        (OrderState.ACCEPTED, OrderState.ACCEPTED),
    ],
)
def test_what_is_nobody_elses_business_is_no_event(before: OrderState, now: OrderState) -> None:
    assert event_of(moved(before, now)) is None


def test_what_the_bus_refuses_is_to_be_published_again() -> None:
    bus, unpublished = FakeBus(), FakeUnpublished()
    bus.refused["2"] = Refusal("ThrottlingException")
    with pytest.raises(NotPublishedError, match="ThrottlingException"):
        publish(bus, unpublished, placed(order("1")), placed(order("2"), minutes_ago=14))
    assert [event.order_id for event in bus.published] == ["1"]
    assert unpublished.kept == []


def test_what_the_bus_has_refused_for_too_long_is_put_aside() -> None:
    bus, unpublished = FakeBus(), FakeUnpublished()
    bus.refused["2"] = Refusal("InternalFailure")
    publish(bus, unpublished, placed(order("1")), placed(order("2"), minutes_ago=15))
    assert [(event.order_id, reason) for event, reason in unpublished.kept] == [("2", "InternalFailure")]


def test_what_the_bus_will_never_take_is_put_aside_at_once() -> None:
    bus, unpublished = FakeBus(), FakeUnpublished()
    bus.refused["2"] = Refusal("EntryTooLarge", is_final=True)
    publish(bus, unpublished, placed(order("1")), placed(order("2")), placed(order("3")))
    assert [event.order_id for event in bus.published] == ["1", "3"]
    assert [(event.order_id, reason) for event, reason in unpublished.kept] == [("2", "EntryTooLarge")]


@pytest.mark.parametrize("event", EVENTS)
def test_the_example_in_an_events_schema_fits_the_schema(event: type[OrderEvent]) -> None:
    [example] = event.model_json_schema()["examples"]
    assert json.loads(event.model_validate(example).model_dump_json(by_alias=True)) == example


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_fits_the_schema_that_consumers_have(event: type[OrderEvent]) -> None:
    schema = PUBLISHED / f"{event.detail_type}.schema.json"
    published = event(order_id="1", restaurant_name="Fangtasia", placed_at=NOON)
    jsonschema.validate(published.model_dump(mode="json", by_alias=True), json.loads(schema.read_text()))


@pytest.mark.parametrize("event", EVENTS)
def test_consumers_can_rely_on_the_order_and_its_restaurant(event: type[OrderEvent]) -> None:
    assert set(event.model_json_schema()["required"]) == {"orderId", "restaurantName"}


def record(change: str, now: dict[str, str] | None, before: dict[str, str] | None = None) -> dict[str, Any]:
    return stream_record(change, keys=("orderId",), before=before, after=now)


def deliver(*records: dict[str, Any]) -> None:
    handle({"Records": list(records)}, lambda_context())


@pytest.mark.usefixtures("unpublished")
def test_the_stream_publishes_all_new_orders(bus: FakeBus) -> None:
    deliver(record("INSERT", IMAGE), record("INSERT", IMAGE | {"orderId": "2"}))
    assert [event.order_id for event in bus.published] == ["1", "2"]


@pytest.mark.usefixtures("unpublished")
def test_the_stream_publishes_an_answer(bus: FakeBus) -> None:
    deliver(record("MODIFY", IMAGE | {"state": "accepted"}, IMAGE | {"state": "notified"}))
    assert [event.detail_type for event in bus.published] == ["order_accepted"]


@pytest.mark.usefixtures("unpublished")
def test_the_stream_publishes_nothing_for_an_order_that_is_gone(bus: FakeBus) -> None:
    deliver(record("REMOVE", None, IMAGE))
    assert bus.published == []


@pytest.mark.usefixtures("unpublished")
def test_the_stream_brings_a_batch_again_that_was_not_published(bus: FakeBus) -> None:
    bus.refused["1"] = Refusal("ThrottlingException")
    with pytest.raises(NotPublishedError):
        deliver(record("INSERT", IMAGE))


@pytest.mark.usefixtures("unpublished")
@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (IMAGE | {"state": "eaten"}, "state"),
        ({"orderId": "bad", "customerId": "ada"}, "restaurantName"),
        (IMAGE | {"placedAt": "at noon"}, "placedAt"),
    ],
)
def test_the_stream_puts_aside_what_is_no_order_and_publishes_the_others(
    bus: FakeBus, sqs: Stubber, bad: dict[str, str], reason: str
) -> None:
    unreadable = record("INSERT", bad)
    sqs.add_response(
        "send_message",
        {"MessageId": "m"},
        {
            "QueueUrl": "https://sqs.eu-central-1.amazonaws.com/123456789012/unpublished",
            "MessageBody": json.dumps({"Records": [unreadable]}),
            "MessageAttributes": ANY,
        },
    )
    deliver(unreadable, record("INSERT", IMAGE), record("INSERT", IMAGE | {"orderId": "2"}))
    assert [event.order_id for event in bus.published] == ["1", "2"]


def counted(capsys: pytest.CaptureFixture[str]) -> dict[str, list[float]]:
    """Return the metrics of the orders that were written since the last call, by name."""
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    documents = [line for line in lines if "_aws" in line]
    names = {
        metric["Name"]: metric["Unit"]
        for document in documents
        for directive in document["_aws"]["CloudWatchMetrics"]
        for metric in directive["Metrics"]
    }
    return {name: document[name] for document in documents for name in names if name != "ColdStart"}


ANSWERED_AT = {"answeredAt": "2026-01-31T12:01:30.000000+00:00"}


@pytest.mark.usefixtures("unpublished", "bus")
def test_new_orders_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    deliver(record("INSERT", IMAGE), record("INSERT", IMAGE | {"orderId": "2"}))
    assert counted(capsys) == {"OrdersPlaced": [1.0, 1.0]}


@pytest.mark.usefixtures("unpublished", "bus")
@pytest.mark.parametrize(
    ("state", "counts"),
    [
        ("accepted", {"OrdersAccepted": [1.0], "TimeToAnswerSeconds": [90.0]}),
        ("rejected", {"OrdersRejected": [1.0], "TimeToAnswerSeconds": [90.0]}),
        ("expired", {"OrdersExpired": [1.0]}),
        ("cancelled", {"OrdersCancelled": [1.0]}),
    ],
)
def test_an_answer_is_counted_and_how_long_a_restaurant_took_for_it(
    state: str, counts: dict[str, list[float]], capsys: pytest.CaptureFixture[str]
) -> None:
    deliver(record("MODIFY", IMAGE | ANSWERED_AT | {"state": state}, IMAGE | {"state": "notified"}))
    assert counted(capsys) == counts


@pytest.mark.usefixtures("unpublished", "bus")
def test_an_answer_is_not_counted_again_when_something_else_of_its_order_changes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answered = IMAGE | ANSWERED_AT | {"state": "accepted"}
    deliver(record("MODIFY", answered | {"customerId": "erased-1"}, answered))
    assert counted(capsys) == {}


@pytest.mark.usefixtures("unpublished")
def test_a_batch_that_is_delivered_again_is_counted_once(
    bus: FakeBus, capsys: pytest.CaptureFixture[str]
) -> None:
    batch = record("INSERT", IMAGE), record("INSERT", IMAGE | {"orderId": "2"})
    bus.refused["2"] = Refusal("ThrottlingException")
    with pytest.raises(NotPublishedError):
        deliver(*batch)
    bus.refused.clear()
    deliver(*batch)
    assert counted(capsys) == {"OrdersPlaced": [1.0, 1.0]}


def entry(order_id: str) -> dict[str, str]:
    detail = {
        "orderId": order_id,
        "restaurantName": "Fangtasia",
        "placedAt": "2026-01-31T12:00:00Z",
        "answerBy": None,
        "metadata": {"correlationId": "request-1", "schemaVersion": "1"},
    }
    return {
        "EventBusName": "big-mouth-test",
        "Source": "big-mouth",
        "DetailType": "order_placed",
        "Detail": json.dumps(detail, separators=(",", ":")),
    }


PLACED = [
    OrderPlaced(order_id=order_id, restaurant_name="Fangtasia", placed_at=NOON, correlation_id="request-1")
    for order_id in "12"
]


def test_eventbridge_gets_the_events_in_one_call(eventbridge: Stubber) -> None:
    eventbridge.add_response(
        "put_events",
        {"FailedEntryCount": 0, "Entries": [{"EventId": "a"}, {"EventId": "b"}]},
        {"Entries": [entry("1"), entry("2")]},
    )
    assert wiring.event_bus().publish(PLACED) == {}


def test_an_entry_that_eventbridge_refuses_for_good_is_told_with_its_reason(eventbridge: Stubber) -> None:
    eventbridge.add_response(
        "put_events",
        {
            "FailedEntryCount": 1,
            "Entries": [{"EventId": "a"}, {"ErrorCode": "NotAuthorizedForSourceException"}],
        },
    )
    assert wiring.event_bus().publish(PLACED) == {1: Refusal("NotAuthorizedForSourceException")}


def test_an_entry_that_no_bus_will_take_is_told_to_be_refused_for_ever(eventbridge: Stubber) -> None:
    eventbridge.add_response(
        "put_events",
        {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "MalformedDetail"}, {"EventId": "b"}]},
    )
    assert wiring.event_bus().publish(PLACED) == {0: Refusal("MalformedDetail", is_final=True)}


def test_an_event_is_put_aside_as_putevents_takes_it(sqs: Stubber) -> None:
    kept = entry("1") | {"reason": "InternalFailure"}
    sqs.add_response(
        "send_message",
        {"MessageId": "m"},
        {
            "QueueUrl": "https://sqs.eu-central-1.amazonaws.com/123456789012/unpublished",
            "MessageBody": json.dumps(kept),
        },
    )
    wiring.unpublished().keep(PLACED[0], "InternalFailure")


def test_of_an_event_that_no_queue_takes_the_order_is_kept(sqs: Stubber) -> None:
    sqs.add_response("send_message", {"MessageId": "m"}, {"QueueUrl": ANY, "MessageBody": ANY})
    sent: list[str] = []
    sqs.client.meta.events.register_first(
        "provide-client-params.sqs.SendMessage", lambda params, **_: sent.append(params["MessageBody"])
    )
    large = OrderPlaced(order_id="1", restaurant_name="x" * 2_000_000, placed_at=NOON)
    wiring.unpublished().keep(large, "EntryTooLarge")
    kept = json.loads(sent[0])
    assert (kept["orderId"], kept["reason"], kept["Detail"]) == ("1", "EntryTooLarge", None)


@pytest.mark.parametrize(("beyond", "is_whole"), [(0, True), (1, False)])
def test_an_event_is_kept_whole_as_long_as_a_queue_takes_it(
    sqs: Stubber, *, beyond: int, is_whole: bool
) -> None:
    sqs.add_response("send_message", {"MessageId": "m"}, {"QueueUrl": ANY, "MessageBody": ANY})
    sent: list[str] = []
    sqs.client.meta.events.register_first(
        "provide-client-params.sqs.SendMessage", lambda params, **_: sent.append(params["MessageBody"])
    )
    around = len(json.dumps(entry("1") | {"reason": "r"})) - len("Fangtasia")
    name = "x" * (1_044_480 - around + beyond)
    wiring.unpublished().keep(PLACED[0].model_copy(update={"restaurant_name": name}), "r")
    assert (json.loads(sent[0])["Detail"] is not None) is is_whole


def test_what_was_not_published_is_told_with_the_reason_of_each() -> None:
    error = NotPublishedError({0: "InternalFailure", 2: "ThrottlingException", 3: "InternalFailure"})
    assert error.reasons == {0: "InternalFailure", 2: "ThrottlingException", 3: "InternalFailure"}
    assert str(error) == "3 events were not published (InternalFailure, ThrottlingException)"


@pytest.fixture
def made_events() -> ModuleType:
    """The module of the events, made once more: what is done at its import is seen by the test."""
    spec = importlib.util.find_spec("orders.domain.events")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "name", ["OrderPlaced", "OrderAccepted", "OrderRejected", "OrderCancelled", "OrderExpired"]
)
def test_events_are_as_they_are_published(made_events: ModuleType, name: str) -> None:
    event = getattr(made_events, name)
    published = json.loads((PUBLISHED / f"{event.detail_type}.schema.json").read_text())
    schema = event.model_json_schema(by_alias=True)
    # It is added when the event is published.
    del published["properties"]["metadata"]
    # As is the example of required fields alone.
    published["examples"].pop()
    for example in published["examples"]:
        del example["metadata"]
    members = ("title", "properties", "required", "examples")
    assert {member: schema[member] for member in members} == {m: published[m] for m in members}


def test_an_event_cannot_be_changed(made_events: ModuleType) -> None:
    event = made_events.OrderPlaced(order_id="1", restaurant_name="Fangtasia")
    with pytest.raises(ValidationError, match="frozen"):
        event.order_id = "2"
