import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from pydantic import BaseModel, Field

from service_kit._safe.validation import InvalidData
from service_kit.deadlines import DeadlineExceeded
from service_kit.events import Change, stream_handler

from .fake_sqs import FakeSqs


class Order(BaseModel):
    order_id: str = Field(alias="orderId")
    total: Decimal = Decimal(0)
    guests: int = 1
    themes: set[str] = set()
    note: str | None = None


batches: list[list[str]] = []


@pytest.fixture(autouse=True)
def nothing_seen() -> None:
    batches.clear()


def handle(event: dict[str, Any], context: Any) -> None:
    """Call a handler that is made just now, so that what makes it is tested by each test."""

    @stream_handler()
    def note(changes: list[Change[Order]]) -> None:
        batches.append([change.new.order_id for change in changes])

    note(event, context)


def change(order_id: Any, name: str = "INSERT", **attributes: Any) -> dict[str, Any]:
    image = {"orderId": {"S": order_id} if isinstance(order_id, str) else order_id, **attributes}
    images = {} if name == "REMOVE" else {"NewImage": image}
    return {"eventName": name, "dynamodb": {"Keys": {}, "SequenceNumber": "111", **images}}


def test_a_batch_reaches_the_function_at_once_and_in_order(context: Any) -> None:
    handle({"Records": [change("o-1"), change("o-2"), change("o-3")]}, context)
    assert batches == [["o-1", "o-2", "o-3"]]


def test_only_inserted_items_count_by_default(context: Any) -> None:
    handle({"Records": [change("o-1", "MODIFY"), change("o-2"), change("o-3", "REMOVE")]}, context)
    assert batches == [["o-2"]]


def test_a_batch_without_matching_records_is_nothing_to_do(context: Any) -> None:
    handle({"Records": [change("o-1", "REMOVE")]}, context)
    assert batches == []


def test_changed_items_count_when_asked_for(context: Any) -> None:
    ids: list[str] = []

    @stream_handler(event_names={"INSERT", "MODIFY"})
    def both(changes: list[Change[Order]]) -> None:
        ids.extend(change.new.order_id for change in changes)

    both({"Records": [change("o-1", "MODIFY"), change("o-2")]}, context)
    assert ids == ["o-1", "o-2"]


def test_items_of_another_kind_can_be_left_out(context: Any) -> None:
    ids: list[str] = []

    @stream_handler(where=lambda image: image.get("kind") == "order")
    def orders(changes: list[Change[Order]]) -> None:
        ids.extend(change.new.order_id for change in changes)

    orders({"Records": [change({"N": "1"}, kind={"S": "key"}), change("o-2", kind={"S": "order"})]}, context)
    assert ids == ["o-2"]


def test_dynamodb_types_become_python_types(context: Any) -> None:
    orders: list[Order] = []

    @stream_handler()
    def keep(changes: list[Change[Order]]) -> None:
        orders.extend(change.new for change in changes)

    keep(
        {
            "Records": [
                change(
                    "o-1",
                    total={"N": "12.30"},
                    guests={"N": "3"},
                    themes={"SS": ["a", "b"]},
                    note={"NULL": True},
                )
            ]
        },
        context,
    )
    assert orders == [
        Order.model_validate({"orderId": "o-1", "total": "12.30", "guests": 3, "themes": {"a", "b"}})
    ]


BAD: list[Any] = [
    change({"L": [{"S": "x"}]}),
    change("bad", guests={"N": "many"}),
    change("bad", guests={"S": "not a number"}),
    change("bad", guests={"NoSuchType": "1"}),
    change("bad", guests={}),
    change("bad", guests="no type"),
    {"eventName": "INSERT", "dynamodb": {"Keys": {}, "NewImage": None}},
    {"eventName": "INSERT", "dynamodb": {"NewImage": ["no", "image"]}},
    {"eventName": "INSERT", "dynamodb": None},
    {"eventName": "INSERT"},
    {"dynamodb": {"NewImage": {"orderId": {"S": "bad"}}}},
    {"eventName": "INSERT", "dynamodb": {"NewImage": {}, "ApproximateCreationDateTime": "yesterday"}},
    "no record",
    None,
]


@pytest.mark.parametrize("bad", BAD)
def test_a_record_that_cannot_be_read_is_put_aside_and_the_others_are_done(
    context: Any, sqs: FakeSqs, bad: Any
) -> None:
    handle({"Records": [change("o-1"), bad, change("o-2")]}, context)

    assert batches == [["o-1", "o-2"]]
    (kept,) = sqs.sent
    assert kept["QueueUrl"] == "https://sqs/dlq"
    assert json.loads(kept["MessageBody"]) == {"Records": [bad]}
    said = kept["MessageAttributes"]
    assert said["ERROR_CODE"]["StringValue"] == "UnreadableRecord"
    assert len(said["ERROR_MESSAGE"]["StringValue"]) > len("TypeError: ")


def test_a_record_for_which_alone_the_function_fails_is_put_aside(
    context: Any, sqs: FakeSqs, logged: Callable[[], list[dict[str, Any]]]
) -> None:
    done: list[str] = []

    @stream_handler()
    def picky(changes: list[Change[Order]]) -> None:
        if any(change.new.order_id == "bad" for change in changes):
            raise ZeroDivisionError("of this one")
        done.extend(change.new.order_id for change in changes)

    picky({"Records": [change("o-1"), change("bad"), change("o-2")]}, context)

    assert done == ["o-1", "o-2"]
    (kept,) = sqs.sent
    assert json.loads(kept["MessageBody"]) == {"Records": [change("bad")]}
    assert kept["MessageAttributes"]["ERROR_MESSAGE"]["StringValue"] == "ZeroDivisionError: of this one"
    line, metric = logged()
    assert (line["message"], line["level"]) == ("record put aside", "ERROR")
    assert (line["event_id"], line["sequence_number"]) == ("111", "111")
    assert "ZeroDivisionError" in line["exception"]
    assert metric["UnreadableRecord"] == [1.0]


@pytest.mark.parametrize(
    ("record", "event_id", "number"),
    [
        ({"eventID": "e-1", "eventName": "INSERT", "dynamodb": {"SequenceNumber": "7"}}, "e-1", "7"),
        ({"eventName": "INSERT", "dynamodb": {"SequenceNumber": 7, "NewImage": {}}}, "7", "7"),
        ({"eventID": "e-1", "eventName": "INSERT", "dynamodb": {"NewImage": {}}}, "e-1", "unknown"),
        ({"eventID": "e-1", "eventName": "INSERT"}, "e-1", "unknown"),
        ("no record", "unknown", "unknown"),
    ],
)
def test_what_is_put_aside_is_named_by_its_event_and_its_place_in_the_stream(
    sqs: FakeSqs, logged: Callable[[], list[dict[str, Any]]], record: Any, event_id: str, number: str
) -> None:
    handle({"Records": [record]}, SimpleNamespace(aws_request_id="r", function_name="f"))
    (kept,) = sqs.sent
    assert kept["MessageAttributes"]["MESSAGE_ID"]["StringValue"] == event_id
    assert "TARGET_ARN" not in kept["MessageAttributes"]
    line = logged()[0]
    assert (line["event_id"], line["sequence_number"]) == (event_id, number)


def test_a_record_that_is_no_json_is_kept_as_it_is_shown(context: Any, sqs: FakeSqs) -> None:
    large = change("bad", guests={"S": "x" * 2_000_000})
    for record in (change("bad", guests={"B": b"bytes"}), {**large, "at": datetime(2026, 1, 31, tzinfo=UTC)}):
        handle({"Records": [record]}, context)
    small, cut = (json.loads(kept["MessageBody"])["Records"][0] for kept in sqs.sent)
    assert small["dynamodb"]["NewImage"]["guests"] == {"B": "b'bytes'"}
    assert cut["at"] == "datetime.datetime(2026, 1, 31, 0, 0, tzinfo=datetime.timezone.utc)"


@pytest.mark.parametrize(("beyond", "is_whole"), [(0, True), (1, False)])
def test_a_record_is_kept_whole_as_long_as_a_message_holds_it(
    context: Any, sqs: FakeSqs, *, beyond: int, is_whole: bool
) -> None:
    frame = len(json.dumps({"Records": [change("bad", guests={"S": ""})]}))
    record = change("bad", guests={"S": "x" * (1_044_480 - frame + beyond)})
    handle({"Records": [record]}, context)
    kept = json.loads(sqs.sent[0]["MessageBody"])["Records"][0]
    assert ("NewImage" in kept["dynamodb"]) is is_whole


class Later(Exception):  # noqa: N818
    """To be delivered again."""


@pytest.mark.parametrize(
    "error",
    [
        Later(),
        ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "PutEvents"),
        EndpointConnectionError(endpoint_url="https://events"),
        DeadlineExceeded(),
    ],
)
def test_what_is_not_about_one_record_brings_the_batch_again_and_puts_nothing_aside(
    context: Any, sqs: FakeSqs, error: Exception
) -> None:
    @stream_handler(again=(Later,))
    def broken(changes: list[Change[Order]]) -> None:
        raise error

    with pytest.raises(type(error)):
        broken({"Records": [change("o-1"), BAD[0]]}, context)

    assert sqs.sent == []


def test_a_record_that_cannot_be_put_aside_brings_the_batch_again(context: Any, sqs: FakeSqs) -> None:
    sqs.failure = EndpointConnectionError(endpoint_url="https://sqs")

    with pytest.raises(EndpointConnectionError):
        handle({"Records": [BAD[0]]}, context)


def test_of_a_record_that_is_too_large_for_a_message_the_keys_are_kept(context: Any, sqs: FakeSqs) -> None:
    record = change("bad", guests={"S": "x" * 400_000}, note={"S": "\u00e9" * 200_000})
    record["dynamodb"]["Keys"] = {"orderId": {"S": "bad"}}

    handle({"Records": [record]}, context)

    kept = json.loads(sqs.sent[0]["MessageBody"])["Records"][0]
    assert kept["dynamodb"] == {"Keys": {"orderId": {"S": "bad"}}, "SequenceNumber": "111"}


def test_without_a_dead_letter_queue_an_image_that_does_not_fit_fails_the_whole_batch(
    context: Any, logged: Callable[[], list[dict[str, Any]]]
) -> None:
    bad = {"L": [{"S": "hunter2"}]}
    bad_place = change(bad)
    del bad_place["dynamodb"]["SequenceNumber"]
    with pytest.raises(InvalidData, match="record unknown: orderId"):
        handle({"Records": [bad_place]}, context)
    with pytest.raises(InvalidData, match="record 111: orderId: Input should be a valid string") as raised:
        handle({"Records": [change("o-1"), change(bad)]}, context)
    assert batches == []
    assert "hunter2" not in json.dumps(logged()) + str(raised.value)


def test_without_a_dead_letter_queue_a_failure_of_the_function_fails_the_whole_batch(context: Any) -> None:
    @stream_handler()
    def broken(changes: list[Change[Order]]) -> None:
        raise RuntimeError("the bus is down")

    with pytest.raises(RuntimeError, match="the bus is down"):
        broken({"Records": [change("o-1")]}, context)


def test_a_change_knows_what_was_before_and_when_it_happened(context: Any) -> None:
    seen: list[Change[Order]] = []

    @stream_handler(event_names={"MODIFY"})
    def keep(changes: list[Change[Order]]) -> None:
        seen.extend(changes)

    record = change("o-1", "MODIFY", guests={"N": "3"})
    record["dynamodb"] |= {
        "OldImage": {"orderId": {"S": "o-1"}, "guests": {"N": "2"}},
        "ApproximateCreationDateTime": 1_769_860_800.0,
    }
    keep({"Records": [record]}, context)
    assert seen[0].old is not None
    assert (seen[0].old.guests, seen[0].new.guests) == (2, 3)
    assert seen[0].at == datetime(2026, 1, 31, 12, tzinfo=UTC)


def test_a_new_item_was_nothing_before(context: Any) -> None:
    seen: list[Change[Order]] = []

    @stream_handler()
    def keep(changes: list[Change[Order]]) -> None:
        seen.extend(changes)

    keep({"Records": [change("o-1")]}, context)
    assert seen[0].old is None
    assert timedelta(0) <= datetime.now(UTC) - seen[0].at < timedelta(minutes=1)


def test_an_image_of_before_that_does_not_fit_is_named_by_its_record(context: Any) -> None:
    record = change("o-1", "MODIFY")
    record["dynamodb"]["OldImage"] = {"orderId": {"N": "1"}}

    @stream_handler(event_names={"MODIFY"})
    def keep(changes: list[Change[Order]]) -> None:
        batches.append([change.new.order_id for change in changes])

    with pytest.raises(InvalidData, match="record 111: orderId"):
        keep({"Records": [record]}, context)
