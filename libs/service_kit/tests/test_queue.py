import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from aws_lambda_powertools.utilities.batch.exceptions import UnexpectedBatchTypeError
from botocore.exceptions import ClientError, EndpointConnectionError
from pydantic import BaseModel, ConfigDict, Field

from service_kit import deadlines
from service_kit._safe.validation import InvalidData
from service_kit.events import BusEvent, queue_handler
from service_kit.invocation import correlation_id

from .fake_sqs import FakeSqs

Logged = Callable[[], list[dict[str, Any]]]


class OrderPlaced(BaseModel):
    order_id: str = Field(alias="orderId")


seen: list[tuple[BusEvent[OrderPlaced], str | None]] = []


@pytest.fixture(autouse=True)
def nothing_seen() -> None:
    seen.clear()


def do(event: BusEvent[OrderPlaced]) -> None:
    if event.detail.order_id == "broken":
        raise RuntimeError("cannot do this one")
    seen.append((event, correlation_id()))


def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Call a handler that is made just now, so that what makes it is tested by each test."""
    return queue_handler()(do)(event, context)


def message(message_id: str, body: Any, *, received: int = 1) -> dict[str, Any]:
    return {
        "messageId": message_id,
        "receiptHandle": f"handle of {message_id}",
        "body": body if isinstance(body, str) else json.dumps(body),
        "attributes": {"SentTimestamp": "1700000000000", "ApproximateReceiveCount": str(received)},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-central-1:000000000000:orders",
    }


def bus_event(**detail: Any) -> dict[str, Any]:
    return {
        "version": "0",
        "id": "e-1",
        "source": "big-mouth",
        "detail-type": "order_placed",
        "account": "000000000000",
        "time": "2024-01-02T03:04:05Z",
        "region": "eu-central-1",
        "resources": [],
        "detail": detail,
    }


def test_each_message_reaches_the_function_as_an_event(context: Any) -> None:
    records = [message("m-1", bus_event(orderId="o-1")), message("m-2", bus_event(orderId="o-2"))]
    assert handle({"Records": records}, context) == {"batchItemFailures": []}
    event = seen[0][0]
    assert [event.detail.order_id for event, _ in seen] == ["o-1", "o-2"]
    assert (event.id, event.source, event.detail_type) == ("e-1", "big-mouth", "order_placed")
    assert event.time == datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_only_the_messages_that_failed_are_reported(context: Any) -> None:
    records = [
        message("m-1", bus_event(orderId="o-1")),
        message("m-2", bus_event(orderId="broken")),
        message("m-3", bus_event(orderId="o-3")),
    ]
    assert handle({"Records": records}, context) == {"batchItemFailures": [{"itemIdentifier": "m-2"}]}
    assert [event.detail.order_id for event, _ in seen] == ["o-1", "o-3"]


@pytest.mark.parametrize(
    "body", ["", "no json", "[]", "null", '{"detail": {"orderId": "o-1"}}', json.dumps(bus_event(orderId=7))]
)
def test_a_message_that_does_not_fit_is_reported_as_failed(context: Any, body: str) -> None:
    reported = handle({"Records": [message("m-1", body)]}, context)
    assert reported == {"batchItemFailures": [{"itemIdentifier": "m-1"}]}
    assert seen == []


def test_a_message_that_does_not_fit_is_logged_by_its_id_and_reason_but_without_its_body(
    context: Any, logged: Logged
) -> None:
    handle({"Records": [message("m-1", bus_event(orderId=["hunter2"]))]}, context)
    line, metric = logged()
    assert line["level"] == "ERROR"
    assert line["message_id"] == "m-1"
    assert line["reasons"] == ["detail.orderId: Input should be a valid string"]
    assert "hunter2" not in json.dumps(line)
    assert metric["InvalidMessage"] == [1.0]


def test_a_failure_of_the_function_is_logged_with_its_stack(context: Any, logged: Logged) -> None:
    handle({"Records": [message("m-1", bus_event(orderId="broken"))]}, context)
    line, metric = logged()
    assert line["message_id"] == "m-1"
    assert "RuntimeError: cannot do this one" in line["exception"]
    assert metric["FailedMessage"] == [1.0]


def test_a_failed_message_leaves_nothing_for_the_next_batch(context: Any) -> None:
    handle({"Records": [message("m-1", "no json")]}, context)
    assert handle({"Records": [message("m-2", bus_event(orderId="o-1"))]}, context) == {
        "batchItemFailures": []
    }


@pytest.mark.parametrize(
    ("detail", "expected"),
    [
        ({"correlationId": "c-1"}, "c-1"),
        ({"metadata": {"correlationId": "c-2"}}, "c-2"),
        ({"correlationId": "not sane"}, "lambda-request"),
        ({"metadata": "c-3"}, "lambda-request"),
        ({}, "lambda-request"),
    ],
)
def test_the_correlation_id_of_each_message_is_used_for_it(
    context: Any, detail: dict[str, Any], expected: str
) -> None:
    records = [message("m-1", bus_event(orderId="o-1", **detail)), message("m-2", bus_event(orderId="o-2"))]
    handle({"Records": records}, context)
    assert [correlation for _, correlation in seen] == [expected, "lambda-request"]


def test_the_log_lines_of_a_message_name_it_its_event_and_the_attempt(context: Any, logged: Logged) -> None:
    records = [
        message("m-1", bus_event(orderId="broken"), received=3),
        message("m-2", bus_event(orderId="broken") | {"detail-type": "a token, not a type"}),
        message("m-3", {"orderId": "no event"}),
    ]
    handle({"Records": records}, context)
    lines = [line for line in logged() if "message" in line]
    assert [(line["message_id"], line.get("detail_type"), line["attempt"]) for line in lines] == [
        ("m-1", "order_placed", 3),
        ("m-2", None, 1),
        ("m-3", None, 1),
    ]


def test_a_body_can_be_the_detail_itself(context: Any) -> None:
    events: list[BusEvent[OrderPlaced]] = []

    @queue_handler(plain_json=True)
    def plain(event: BusEvent[OrderPlaced]) -> None:
        events.append(event)

    assert plain({"Records": [message("m-1", {"orderId": "o-1"})]}, context) == {"batchItemFailures": []}
    assert events[0].detail.order_id == "o-1"
    assert (events[0].id, events[0].detail_type) == ("m-1", "")
    assert events[0].source == "arn:aws:sqs:eu-central-1:000000000000:orders"
    assert events[0].time == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


def test_a_strict_model_reads_json_types(context: Any) -> None:
    class Strict(BaseModel):
        model_config = ConfigDict(strict=True)
        at: datetime

    days: list[int] = []

    @queue_handler()
    def strict(event: BusEvent[Strict]) -> None:
        days.append(event.detail.at.day)

    strict({"Records": [message("m-1", bus_event(at="2024-01-31T00:00:00Z"))]}, context)
    assert days == [31]


UNREADABLE = [
    "",
    "no json",
    "[]",
    "null",
    "[" * 50_000,
    "\ud800",
    '{"detail": {"orderId": "o-1"}}',
    json.dumps(bus_event(orderId=7)),
]


@pytest.mark.parametrize("body", UNREADABLE)
def test_a_message_that_can_never_fit_is_put_aside_at_once_and_done(
    context: Any, sqs: FakeSqs, body: str
) -> None:
    records = [message("m-1", body), message("m-2", bus_event(orderId="o-2"))]

    assert handle({"Records": records}, context) == {"batchItemFailures": []}

    (kept,) = sqs.sent
    assert (kept["QueueUrl"], kept["MessageBody"]) == ("https://sqs/dlq", body)
    said = {name: value["StringValue"] for name, value in kept["MessageAttributes"].items()}
    assert said["ERROR_CODE"] == "InvalidMessage"
    assert said["ERROR_MESSAGE"].startswith("message does not fit: ")
    assert (said["MESSAGE_ID"], said["TARGET_ARN"]) == ("m-1", records[0]["eventSourceARN"])
    assert [event.detail.order_id for event, _ in seen] == ["o-2"]


def test_the_reason_of_what_is_put_aside_names_the_field_in_characters_that_sqs_takes(
    context: Any, sqs: FakeSqs
) -> None:
    class Exact(BaseModel):
        model_config = ConfigDict(extra="forbid")

    @queue_handler()
    def exact(event: BusEvent[Exact]) -> None: ...

    exact({"Records": [message("m-1", bus_event(**{"a\x00\uffff" + "b" * 5_000: 1}))]}, context)

    reason = sqs.sent[0]["MessageAttributes"]["ERROR_MESSAGE"]["StringValue"]
    assert "detail.a??b" in reason
    assert len(reason) == 1_000


def test_the_reason_of_what_is_put_aside_holds_no_token(context: Any, sqs: FakeSqs) -> None:
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2ln"

    @queue_handler(hopeless=(LookupError,))
    def telling(event: BusEvent[OrderPlaced]) -> None:
        raise LookupError(f"refused {token}")

    telling({"Records": [message("m-1", bus_event(orderId="o-1"))]}, context)

    assert token not in json.dumps(sqs.sent[0]["MessageAttributes"])


def test_a_message_that_cannot_be_put_aside_comes_again(context: Any, sqs: FakeSqs) -> None:
    sqs.failure = ClientError({"Error": {"Code": "ServiceUnavailable", "Message": ""}}, "SendMessage")

    reported = handle({"Records": [message("m-1", "no json")]}, context)

    assert reported == {"batchItemFailures": [{"itemIdentifier": "m-1"}]}


def test_what_the_function_calls_hopeless_is_put_aside_with_its_kind(
    context: Any, sqs: FakeSqs, logged: Logged
) -> None:
    @queue_handler(hopeless=(LookupError,))
    def looking(event: BusEvent[OrderPlaced]) -> None:
        raise KeyError("no such order")

    assert looking({"Records": [message("m-1", bus_event(orderId="o-1"))]}, context) == {
        "batchItemFailures": []
    }
    said = sqs.sent[0]["MessageAttributes"]
    line, metric = logged()
    assert (line["level"], line["message_id"]) == ("ERROR", "m-1")
    assert "KeyError: 'no such order'" in line["exception"]
    assert metric["HopelessMessage"] == [1.0]
    assert said["ERROR_CODE"]["StringValue"] == "HopelessMessage"
    assert "KeyError: 'no such order'" in said["ERROR_MESSAGE"]["StringValue"]


def test_data_that_does_not_fit_elsewhere_than_in_the_message_may_fit_at_the_next_try(
    context: Any, sqs: FakeSqs
) -> None:
    @queue_handler()
    def reading(event: BusEvent[OrderPlaced]) -> None:
        raise InvalidData(["the configuration: Field required"])

    reported = reading({"Records": [message("m-1", bus_event(orderId="o-1"))]}, context)

    assert reported == {"batchItemFailures": [{"itemIdentifier": "m-1"}]}
    assert sqs.sent == []


@pytest.mark.parametrize(
    ("received", "least", "most"), [(1, 1, 2), (2, 2, 4), (5, 16, 32), (8, 128, 256), (500, 150, 300)]
)
def test_a_message_that_failed_comes_again_soon_and_later_each_time(
    context: Any, sqs: FakeSqs, received: int, least: int, most: int
) -> None:
    records = [
        message(f"m-{number}", bus_event(orderId="broken"), received=received) for number in range(25)
    ] + [message("good", bus_event(orderId="o-1"))]

    handle({"Records": records}, context)

    assert sqs.pauses.keys() == {f"handle of m-{number}" for number in range(25)}
    assert all(least <= pause <= most for pause in sqs.pauses.values())
    assert received == 1 or len(set(sqs.pauses.values())) > 1


def test_what_failed_is_reported_also_when_its_pause_cannot_be_set(
    context: Any, sqs: FakeSqs, logged: Logged
) -> None:
    sqs.failure = EndpointConnectionError(endpoint_url="https://sqs")

    reported = handle({"Records": [message("m-1", bus_event(orderId="broken"))]}, context)

    assert reported == {"batchItemFailures": [{"itemIdentifier": "m-1"}]}
    _, line, _ = logged()
    assert (line["level"], line["exception_name"]) == ("ERROR", "EndpointConnectionError")


def test_when_time_runs_out_the_messages_left_come_again_soon_and_those_done_do_not(
    context: Any, sqs: FakeSqs
) -> None:
    ends_at = time.monotonic() + 2.0
    context.get_remaining_time_in_millis = lambda: (ends_at - time.monotonic()) * 1_000

    @queue_handler()
    def hanging(event: BusEvent[OrderPlaced]) -> None:
        if event.detail.order_id == "slow":
            time.sleep(60)

    records = [message(f"m-{name}", bus_event(orderId=name)) for name in ("quick", "slow", "late")]
    reported = hanging({"Records": records}, context)

    assert time.monotonic() < ends_at
    assert reported == {"batchItemFailures": [{"itemIdentifier": "m-slow"}, {"itemIdentifier": "m-late"}]}
    assert sqs.pauses.keys() == {"handle of m-slow", "handle of m-late"}


@pytest.mark.parametrize("event", [{}, {"Records": []}, {"Records": "m-1"}])
def test_what_is_no_batch_fails_the_invocation(context: Any, event: dict[str, Any]) -> None:
    with pytest.raises(UnexpectedBatchTypeError):
        handle(event, context)


def test_a_message_that_failed_once_rests_a_second_at_least(
    context: Any, sqs: FakeSqs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service_kit.events._queue.random.uniform", lambda least, _: least)
    handle({"Records": [message("m-1", bus_event(orderId="broken"))]}, context)
    assert sqs.pauses == {"handle of m-1": 1}


def test_a_body_that_is_the_detail_itself_brings_its_correlation_id(context: Any) -> None:
    correlations: list[str | None] = []

    @queue_handler(plain_json=True)
    def plain(event: BusEvent[OrderPlaced]) -> None:
        correlations.append(correlation_id())

    plain({"Records": [message("m-1", {"orderId": "o-1", "correlationId": "c-1"})]}, context)
    assert correlations == ["c-1"]


@pytest.mark.parametrize(
    ("milliseconds", "seconds"), [(10_000, 8.5), (2_500, 1.0), (1_000, 0.25), (900_000, 898.5)]
)
def test_messages_leave_time_to_report_those_that_failed(
    context: Any, milliseconds: int, seconds: float
) -> None:
    context.get_remaining_time_in_millis = lambda: milliseconds
    left: list[float] = []

    @queue_handler()
    def looking(event: BusEvent[OrderPlaced]) -> None:
        left.append(deadlines._state["ends_at"] - time.monotonic())

    looking({"Records": [message("m-1", bus_event(orderId="o-1"))]}, context)
    assert left == pytest.approx([seconds], abs=0.2)
