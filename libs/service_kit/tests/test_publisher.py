from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from pydantic import BaseModel, Field

from service_kit.events import BusEntry, EventsNotPublished, publish
from service_kit.events._publisher import MAX_ATTEMPTS, MAX_BYTES_PER_CALL
from service_kit.invocation import invocation
from service_kit.testing import replace_client

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_events.client import EventBridgeClient


SOURCE = "big-mouth"


class OrderPlaced(BaseModel):
    order_id: str = Field(serialization_alias="orderId")


class FakeBus:
    """A bus that refuses what it is told to, as often as told."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.entries: list[dict[str, Any]] = []
        self.refusals: dict[str, list[str]] = {}
        self.errors: list[Exception] = []

    def put_events(self, *, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        ids = [json.loads(entry["Detail"])["orderId"][:10] for entry in Entries]
        self.calls.append(ids)
        self.entries += Entries
        if self.errors:
            raise self.errors.pop(0)
        results = []
        for order_id in ids:
            codes = self.refusals.get(order_id, [])
            results.append({"ErrorCode": codes.pop(0), "ErrorMessage": "no"} if codes else {"EventId": "e"})
        return {"FailedEntryCount": 0, "Entries": results}


@pytest.fixture
def bus() -> FakeBus:
    return FakeBus()


def send(bus: FakeBus, *order_ids: str, slept: list[float] | None = None) -> None:
    publish(
        "bus",
        [BusEntry("order_placed", OrderPlaced(order_id=order_id), SOURCE) for order_id in order_ids],
        events_client=cast("EventBridgeClient", bus),
        sleep=(slept if slept is not None else []).append,
    )


def test_an_entry_says_what_who_where_and_when(bus: FakeBus) -> None:
    moment = datetime(2024, 1, 2, tzinfo=UTC)
    entry = BusEntry("order_placed", OrderPlaced(order_id="o-1"), source="tests", time=moment)
    publish("bus", [entry], events_client=cast("EventBridgeClient", bus))
    assert bus.entries == [
        {
            "EventBusName": "bus",
            "Source": "tests",
            "DetailType": "order_placed",
            "Detail": '{"orderId":"o-1","metadata":{"correlationId":null,"schemaVersion":"1"}}',
            "Time": moment,
        }
    ]


def test_an_event_says_with_which_request_it_began(bus: FakeBus, context: Any) -> None:
    entries = [
        BusEntry("order_placed", OrderPlaced(order_id="o-1"), SOURCE, correlation_id="c-of-the-order"),
        BusEntry("order_placed", OrderPlaced(order_id="o-2"), SOURCE),
    ]
    with invocation(context, correlation="c-running"):
        publish("bus", entries, events_client=cast("EventBridgeClient", bus))
    assert [json.loads(entry["Detail"])["metadata"] for entry in bus.entries] == [
        {"correlationId": "c-of-the-order", "schemaVersion": "1"},
        {"correlationId": "c-running", "schemaVersion": "1"},
    ]


def test_each_event_is_logged_under_its_own_correlation_id(
    bus: FakeBus, logged: Callable[[], list[dict[str, Any]]]
) -> None:
    bus.refusals = {"o-2": ["MalformedDetail"]}
    entries = [
        BusEntry("order_placed", OrderPlaced(order_id=f"o-{number}"), SOURCE, correlation_id=f"c-{number}")
        for number in (1, 2)
    ]
    with pytest.raises(EventsNotPublished):
        publish("bus", entries, events_client=cast("EventBridgeClient", bus))
    assert [(line["message"], line["correlation_id"], line.get("code")) for line in logged()] == [
        ("event published", "c-1", None),
        ("event refused", "c-2", "MalformedDetail"),
    ]


def test_the_time_is_the_bus_s_by_default(bus: FakeBus) -> None:
    send(bus, "o-1")
    assert "Time" not in bus.entries[0]


def test_entries_are_sent_by_ten(bus: FakeBus) -> None:
    send(bus, *(f"o-{number}" for number in range(23)))
    assert [len(call) for call in bus.calls] == [10, 10, 3]


def test_entries_are_sent_under_the_size_of_a_call(bus: FakeBus) -> None:
    third = MAX_BYTES_PER_CALL // 3
    send(bus, "a" * third, "é" * (third // 2), "c" * third)
    assert [len(call) for call in bus.calls] == [2, 1]


def test_no_entries_are_no_call(bus: FakeBus) -> None:
    send(bus)
    assert bus.calls == []


@pytest.mark.parametrize("kilobytes", [257, 300, 1_000])
def test_an_event_of_up_to_a_megabyte_is_sent(bus: FakeBus, kilobytes: int) -> None:
    send(bus, "x" * kilobytes * 1_000)
    assert [len(call) for call in bus.calls] == [1]


# Above the second, SQS would not take the event with its envelope, to which EventBridge delivers it.
@pytest.mark.parametrize("size", [1024 * 1024, 1024 * 1024 - 15_000, 5_000_000])
def test_an_entry_that_is_too_large_fails_alone_and_is_not_sent(bus: FakeBus, size: int) -> None:
    with pytest.raises(EventsNotPublished) as raised:
        send(bus, "o-1", "x" * size, "o-3")
    assert raised.value.failures == {1: "EntryTooLarge"}
    assert raised.value.hopeless == {1}
    assert bus.calls == [["o-1", "o-3"]]


def test_an_entry_for_which_the_bus_refuses_the_whole_call_spoils_no_other() -> None:
    class Strict(FakeBus):
        def put_events(self, *, Entries: list[Any]) -> Any:  # noqa: N803
            if any("bad" in entry["Detail"] for entry in Entries):
                raise ClientError({"Error": {"Code": "ValidationException", "Message": ""}}, "PutEvents")
            return super().put_events(Entries=Entries)

    bus = Strict()
    with pytest.raises(EventsNotPublished) as raised:
        send(bus, "o-1", "bad", "o-3")
    assert raised.value.failures == {1: "ValidationException"}
    assert raised.value.hopeless == {1}
    assert bus.calls == [["o-1"], ["o-3"]]


def test_what_another_permission_would_let_through_is_not_hopeless(bus: FakeBus) -> None:
    bus.refusals = {"o-1": ["NotAuthorizedForSourceException"]}
    with pytest.raises(EventsNotPublished) as raised:
        send(bus, "o-1")
    assert raised.value.hopeless == frozenset()


def test_only_refused_entries_are_sent_again(bus: FakeBus) -> None:
    bus.refusals = {"o-2": ["InternalFailure"]}
    send(bus, "o-1", "o-2", "o-3")
    assert bus.calls == [["o-1", "o-2", "o-3"], ["o-2"]]


def test_entries_that_are_refused_again_and_again_are_listed(bus: FakeBus) -> None:
    bus.refusals = {"o-2": ["ThrottlingException"] * 9, "o-3": ["InternalFailure"]}
    with pytest.raises(EventsNotPublished, match=r"1 events .*1: ThrottlingException") as raised:
        send(bus, "o-1", "o-2", "o-3")
    assert raised.value.failures == {1: "ThrottlingException"}
    assert len(bus.calls) == MAX_ATTEMPTS


def test_an_entry_refused_for_good_is_not_sent_again_while_others_are(bus: FakeBus) -> None:
    bus.refusals = {"o-1": ["MalformedDetail"] * 9, "o-2": ["InternalFailure"]}
    with pytest.raises(EventsNotPublished) as raised:
        send(bus, "o-1", "o-2")
    assert raised.value.failures == {0: "MalformedDetail"}
    assert bus.calls == [["o-1", "o-2"], ["o-2"]]


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "InternalException", "Message": ""}}, "PutEvents"),
        EndpointConnectionError(endpoint_url="https://events"),
    ],
    ids=repr,
)
def test_a_call_that_fails_is_made_again(bus: FakeBus, error: Exception) -> None:
    bus.errors = [error]
    send(bus, "o-1", "o-2")
    assert bus.calls == [["o-1", "o-2"]] * 2


def test_a_forbidden_call_is_not_made_again(bus: FakeBus) -> None:
    bus.errors = [ClientError({"Error": {"Code": "AccessDeniedException", "Message": ""}}, "PutEvents")]
    with pytest.raises(EventsNotPublished) as raised:
        send(bus, "o-1", "o-2")
    assert raised.value.failures == {0: "AccessDeniedException", 1: "AccessDeniedException"}
    assert len(bus.calls) == 1


def test_waits_grow_but_stay_short(bus: FakeBus) -> None:
    bus.refusals = {"o-1": ["InternalFailure"] * 9}
    slept: list[float] = []
    with pytest.raises(EventsNotPublished):
        send(bus, "o-1", slept=slept)
    assert len(slept) == MAX_ATTEMPTS - 1
    assert all(0 <= wait <= 0.1 * 2**tried for tried, wait in enumerate(slept))


def test_the_longest_waits_are_a_tenth_of_a_second_and_then_twice_as_long(
    bus: FakeBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service_kit.events._publisher.random.random", lambda: 1.0)
    bus.refusals = {"o-1": ["InternalFailure"] * 9}
    slept: list[float] = []
    with pytest.raises(EventsNotPublished):
        send(bus, "o-1", slept=slept)
    assert slept == pytest.approx([0.1, 0.2, 0.4])


def test_what_is_tried_again_is_logged(bus: FakeBus, logged: Callable[[], list[dict[str, Any]]]) -> None:
    bus.refusals = {"o-1": ["ThrottlingException"], "o-2": ["InternalFailure"], "o-3": ["InternalFailure"]}
    send(bus, "o-1", "o-2", "o-3", "o-4")
    line, *published = logged()
    assert (line["level"], line["count"]) == ("WARNING", 3)
    assert [one["message"] for one in published] == ["event published"] * 4
    assert line["codes"] == ["InternalFailure", "ThrottlingException"]


def test_an_entry_of_any_call_is_sent_again(bus: FakeBus) -> None:
    bus.refusals = {"o-0": ["InternalFailure"], "o-22": ["InternalFailure"]}
    send(bus, *(f"o-{number}" for number in range(23)))
    assert bus.calls[3:] == [["o-0", "o-22"]]


def test_all_that_is_not_published_is_told_with_its_reason(bus: FakeBus) -> None:
    bus.refusals = {"o-1": ["MalformedDetail"] * 9, "o-2": ["InternalFailure"] * 9}
    with pytest.raises(EventsNotPublished) as raised:
        send(bus, "x" * 2_000_000, "o-1", "o-2", "o-3")
    assert str(raised.value) == (
        "3 events were not published (0: EntryTooLarge, 1: MalformedDetail, 2: InternalFailure)"
    )
    assert raised.value.hopeless == {0, 1}


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ClientError({}, "PutEvents"), "unknown"),
        (EndpointConnectionError(endpoint_url="https://events"), "EndpointConnectionError"),
    ],
)
def test_a_call_that_fails_at_every_try_is_told_by_its_error(
    bus: FakeBus, error: Exception, code: str
) -> None:
    bus.errors = [error] * 4
    with pytest.raises(EventsNotPublished) as raised:
        send(bus, "o-1", "o-2")
    assert raised.value.failures == {0: code, 1: code}


def test_an_answer_that_leaves_an_entry_out_is_an_error(
    bus: FakeBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus, "put_events", lambda **_: {"Entries": [{"EventId": "e"}]})
    with pytest.raises(ValueError, match="shorter"):
        send(bus, "o-1", "o-2")


# Besides its order's id: the detail around it, its source and its type.
_DETAIL = '{"orderId":"","metadata":{"correlationId":null,"schemaVersion":"1"}}'
FRAME_BYTES = len(_DETAIL + SOURCE + "order_placed")


@pytest.mark.parametrize(("time", "time_bytes"), [(None, 0), (datetime(2024, 1, 2, tzinfo=UTC), 14)])
@pytest.mark.parametrize(("beyond", "is_sent"), [(0, True), (1, False)])
def test_an_entry_is_sent_up_to_its_largest_size(
    bus: FakeBus, time: datetime | None, time_bytes: int, *, beyond: int, is_sent: bool
) -> None:
    order = OrderPlaced(order_id="x" * (1_032_192 - FRAME_BYTES - time_bytes + beyond))
    try:
        publish("bus", [BusEntry("order_placed", order, SOURCE, time)], events_client=cast("Any", bus))
    except EventsNotPublished:
        assert not is_sent
    assert bool(bus.calls) is is_sent


@pytest.mark.parametrize(("beyond", "calls"), [(-1, [1, 2]), (0, [1, 1, 1])])
def test_a_call_has_less_than_a_megabyte(bus: FakeBus, beyond: int, calls: list[int]) -> None:
    first = 600_000
    send(bus, "a" * first, "b" * first, "c" * (1_048_576 - 2 * FRAME_BYTES - first + beyond))
    assert [len(call) for call in bus.calls] == calls


@pytest.mark.parametrize(("beyond", "calls"), [(-1, [2]), (0, [1, 1])])
def test_the_first_call_has_less_than_a_megabyte_too(bus: FakeBus, beyond: int, calls: list[int]) -> None:
    first = 600_000
    send(bus, "b" * first, "c" * (1_048_576 - 2 * FRAME_BYTES - first + beyond))
    assert [len(call) for call in bus.calls] == calls


def test_of_two_entries_the_good_one_is_published_alone() -> None:
    class Strict(FakeBus):
        def put_events(self, *, Entries: list[Any]) -> Any:  # noqa: N803
            if any("bad" in entry["Detail"] for entry in Entries):
                raise ClientError({"Error": {"Code": "ValidationException", "Message": ""}}, "PutEvents")
            return super().put_events(Entries=Entries)

    bus = Strict()
    with pytest.raises(EventsNotPublished) as raised:
        send(bus, "bad", "o-2")
    assert raised.value.failures == {0: "ValidationException"}
    assert bus.calls == [["o-2"]]


def test_the_shared_client_is_used_by_default(bus: FakeBus, monkeypatch: pytest.MonkeyPatch) -> None:
    replace_client(monkeypatch, "events", bus)
    publish("bus", [BusEntry("order_placed", OrderPlaced(order_id="o-1"), SOURCE)])
    assert bus.calls == [["o-1"]]
