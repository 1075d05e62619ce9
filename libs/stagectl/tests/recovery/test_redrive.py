import json
from contextlib import closing
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from stagectl import aws
from stagectl.recovery import messages
from stagectl.recovery.dead_letters import DeadLetterQueue, Queue
from stagectl.recovery.destinations import Outcome
from stagectl.recovery.redrive import Redrive, Step

from ..fakes.sqs import FakeSqs

SOURCE = Queue("orders-dev-x", "source", "arn:x")
ANOTHER = Queue("orders-dev-y", "another", "arn:y")
DEAD = "dead"
ARN = "arn:aws:sqs:eu-central-1:000000000000:orders-dev-x-dlq"
UNPUBLISHED = {
    "EventBusName": "shared-infra-dev",
    "Source": "big-mouth",
    "DetailType": "order_placed",
    "Detail": '{"orderId": "1"}',
    "reason": "ThrottlingException",
}
STREAM_FAILURE = json.dumps({"DDBStreamBatchInfo": {}})


class FakeBus:
    def __init__(self, *results: dict[str, str]) -> None:
        self.entries: list[dict[str, Any]] = []
        self._results = list(results)

    def put_events(self, *, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803, as boto3
        self.entries += Entries
        return {"Entries": [self._results.pop(0) if self._results else {"EventId": "1"}]}


@pytest.fixture
def sqs() -> FakeSqs:
    return FakeSqs()


def undelivered(target: str) -> dict[str, Any]:
    """Make the attributes of what EventBridge sends to a dead-letter queue."""
    said = {
        "RULE_ARN": "arn:rule",
        "TARGET_ARN": target,
        "ERROR_CODE": "NO_PERMISSIONS",
        "ERROR_MESSAGE": "Lack of permissions to invoke target.",
        "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts",
        "RETRY_ATTEMPTS": "0",
    }
    return {name: {"DataType": "String", "StringValue": value} for name, value in said.items()}


def queue(*sources: Queue, messages: int = 10) -> DeadLetterQueue:
    return DeadLetterQueue("orders-dev-x-dlq", "x-dlq", DEAD, messages, sources, ARN, "dev")


class FakeLambda:
    """The functions, of which one reads a stream whose failures come to the queue; it may fail."""

    def __init__(self, error: bytes | None = None) -> None:
        self.events: list[dict[str, Any]] = []
        self.invoked: list[str] = []
        self._error = error

    def get_paginator(self, _: str) -> Any:
        of_another = {"FunctionArn": "arn:aws:lambda:r:0:function:another", "EventSourceArn": "arn:s"}
        reader = {
            "FunctionArn": "arn:aws:lambda:r:0:function:orders-dev-outbox:live",
            "DestinationConfig": {"OnFailure": {"Destination": ARN}},
        }
        pages = [{"EventSourceMappings": [of_another]}, {"EventSourceMappings": [reader]}]
        return SimpleNamespace(paginate=lambda: pages)

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803
        self.invoked.append(FunctionName)
        self.events.append(json.loads(Payload))
        if self._error is None:
            return {"StatusCode": 200}
        return {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": BytesIO(self._error)}


def redrive(sqs: Any, bus: Any = None, lambda_: Any = None, **options: Any) -> Redrive:
    clients: tuple[Any, Any, Any] = (sqs, bus or FakeBus(), lambda_ or FakeLambda())
    return Redrive(*clients, **{"sleep": lambda _: None, **options})


def run(sqs: FakeSqs, of: DeadLetterQueue, bus: Any = None, at_most: int | None = None) -> list[Step]:
    return list(redrive(sqs, bus, failed_keys=lambda _: ["o1", "o2"]).run(of, at_most=at_most))


def outcomes(steps: list[Step]) -> list[Outcome]:
    return [step.outcome for step in steps]


def test_messages_go_back_to_their_source_queue(sqs: FakeSqs) -> None:
    sqs.put(DEAD, "a")
    sqs.put(DEAD, "b")

    assert outcomes(run(sqs, queue(SOURCE))) == [Outcome.SENT, Outcome.SENT]

    assert (sqs.bodies("source"), sqs.bodies(DEAD)) == (["a", "b"], [])


def test_a_message_is_sent_before_it_is_deleted(sqs: FakeSqs) -> None:
    sqs.put(DEAD, "a")

    run(sqs, queue(SOURCE))

    assert sqs.calls.index("send_message") < sqs.calls.index("delete_message")


def test_a_run_killed_between_sending_and_deleting_leaves_the_message_in_both_places(sqs: FakeSqs) -> None:
    sqs.put(DEAD, "a")
    sqs.fail_on = "delete_message"

    with pytest.raises(KeyboardInterrupt):
        run(sqs, queue(SOURCE))

    assert (sqs.bodies("source"), sqs.bodies(DEAD), sqs.hidden(DEAD)) == (["a"], ["a"], [])


def test_a_run_that_is_broken_off_gives_back_what_it_holds(sqs: FakeSqs) -> None:
    for body in "abc":
        sqs.put(DEAD, body)

    with closing(redrive(sqs).run(queue(SOURCE))) as steps:
        next(steps)

    assert (sqs.bodies("source"), sqs.bodies(DEAD), sqs.hidden(DEAD)) == (["a"], ["b", "c"], [])


def test_message_attributes_travel_along(sqs: FakeSqs) -> None:
    sqs.put(DEAD, "a")
    attributes = {"kind": {"DataType": "String", "StringValue": "x"}}
    sqs.queues[DEAD][0].attributes = attributes

    run(sqs, queue(SOURCE))

    assert sqs.queues["source"][0].attributes == attributes


def test_an_event_that_eventbridge_could_not_deliver_goes_to_its_target_without_the_note(
    sqs: FakeSqs,
) -> None:
    sqs.put(DEAD, "event")
    sqs.queues[DEAD][0].attributes = undelivered(ANOTHER.arn)

    assert outcomes(run(sqs, queue(SOURCE, ANOTHER))) == [Outcome.SENT]

    assert (sqs.bodies("another"), sqs.bodies(DEAD)) == (["event"], [])
    assert sqs.queues["another"][0].attributes == {}


def test_a_message_for_a_queue_of_another_stage_is_refused(sqs: FakeSqs) -> None:
    sqs.put(DEAD, "event")
    sqs.queues[DEAD][0].attributes = undelivered("arn:of:another:stage")

    (step,) = run(sqs, queue(SOURCE))

    assert step.outcome is Outcome.REFUSED
    assert "arn:of:another:stage" in step.note
    assert (sqs.bodies("source"), sqs.bodies(DEAD)) == ([], ["event"])


def test_a_message_of_a_shared_queue_goes_to_the_source_that_sqs_noted(sqs: FakeSqs) -> None:
    sqs.put(DEAD, "a", source_arn=ANOTHER.arn)

    run(sqs, queue(SOURCE, ANOTHER))

    assert sqs.bodies("another") == ["a"]


def test_a_message_that_may_be_of_either_source_is_left(sqs: FakeSqs) -> None:
    sqs.put(DEAD, "a")

    assert outcomes(run(sqs, queue(SOURCE, ANOTHER))) == [Outcome.LEFT]
    assert (sqs.bodies(DEAD), sqs.hidden(DEAD)) == (["a"], [])


def test_a_message_that_fails_again_is_sent_once_and_kept(sqs: FakeSqs) -> None:
    sqs.put(DEAD, "a")
    sqs.moves_on_send = ("source", DEAD)

    assert outcomes(run(sqs, queue(SOURCE))) == [Outcome.SENT, Outcome.CAME_BACK]

    assert (sqs.bodies(DEAD), sqs.hidden(DEAD)) == (["a"], [])


def test_no_more_messages_are_taken_than_wanted(sqs: FakeSqs) -> None:
    for number in range(25):
        sqs.put(DEAD, str(number))

    assert len(run(sqs, queue(SOURCE), at_most=12)) == 12

    assert (len(sqs.bodies("source")), len(sqs.bodies(DEAD)), sqs.hidden(DEAD)) == (12, 13, [])


@pytest.mark.parametrize("count", [3, 25])
def test_what_stays_is_given_back_at_the_end_however_much_it_is(sqs: FakeSqs, count: int) -> None:
    bodies = [str(number) for number in range(count)]
    for body in bodies:
        sqs.put(DEAD, body)

    assert outcomes(run(sqs, queue())) == [Outcome.LEFT] * count
    assert (sqs.bodies(DEAD), sqs.hidden(DEAD)) == (bodies, [])


def test_messages_behind_one_that_came_back_are_sent(sqs: FakeSqs) -> None:
    sqs.put(DEAD, "a")
    sqs.moves_on_send = ("source", DEAD)

    with closing(redrive(sqs).run(queue(SOURCE))) as steps:
        first = next(steps)
        sqs.moves_on_send = None
        sqs.put(DEAD, "b")
        second, third = steps

    assert (first.outcome, first.message.body) == (Outcome.SENT, "a")
    assert (second.outcome, second.message.body) == (Outcome.CAME_BACK, "a")
    assert second.note == "failed again after it was sent"
    assert (third.outcome, third.message.body) == (Outcome.SENT, "b")


def test_a_message_that_sqs_gives_twice_is_dealt_with_once_and_those_behind_it_are_sent(sqs: FakeSqs) -> None:
    sqs.put(DEAD, "foreign", source_arn="arn:of:another:stage")

    with closing(redrive(sqs).run(queue(SOURCE))) as steps:
        first = next(steps)
        sqs.queues[DEAD][0].is_hidden = False  # as it was held for too long
        sqs.put(DEAD, "a")
        others = list(steps)

    assert (first.outcome, first.message.body) == (Outcome.REFUSED, "foreign")
    assert [(step.outcome, step.message.body) for step in others] == [(Outcome.SENT, "a")]
    assert (sqs.bodies(DEAD), sqs.hidden(DEAD)) == (["foreign"], [])


def test_messages_stay_hidden_for_as_long_as_a_slow_run_may_hold_them(sqs: FakeSqs) -> None:
    list(redrive(sqs, per_second=0.5).run(queue(SOURCE)))

    assert sqs.hidden_for == [80]


@pytest.mark.parametrize(("at_most", "planned"), [(None, 3), (2, 2), (5, 3)])
def test_a_plan_is_for_no_more_messages_than_wanted(sqs: FakeSqs, at_most: int | None, planned: int) -> None:
    for number in range(5):
        sqs.put(DEAD, str(number))

    assert len(redrive(sqs).plan(queue(SOURCE, messages=3), at_most=at_most)) == planned


def test_a_redrive_works_on_the_target_that_was_entered(
    monkeypatch: pytest.MonkeyPatch, sqs: FakeSqs
) -> None:
    bus, outbox = FakeBus(), FakeLambda()
    clients = {"sqs": sqs, "events": bus, "lambda": outbox}
    monkeypatch.setattr(aws, "session", lambda: SimpleNamespace(client=clients.__getitem__))
    list(Redrive.on_entered_target(per_second=0.5).run(queue()))
    for body in (json.dumps(UNPUBLISHED), RECORD):
        sqs.put(DEAD, body)

    list(Redrive.on_entered_target(per_second=1_000).run(queue()))

    assert (len(bus.entries), len(outbox.events), sqs.bodies(DEAD)) == (1, 1, [])
    assert sqs.hidden_for[0] == 80, "at its own rate"


@pytest.mark.parametrize("count", [1, 10])
def test_a_run_that_was_given_a_number_asks_for_no_more(sqs: FakeSqs, count: int) -> None:
    for number in range(12):
        sqs.put(DEAD, str(number))

    run(sqs, queue(SOURCE), at_most=count)

    assert (sqs.calls.count("receive_message"), len(sqs.bodies(DEAD))) == (1, 12 - count)


def test_the_rate_is_kept(sqs: FakeSqs) -> None:
    slept: list[float] = []
    for body in "abc":
        sqs.put(DEAD, body)

    list(redrive(sqs, per_second=4, sleep=slept.append).run(queue(SOURCE)))

    assert slept == [0.25] * 3


def test_an_unpublished_event_is_published_without_its_reason(sqs: FakeSqs) -> None:
    sqs.put(DEAD, json.dumps(UNPUBLISHED))
    bus = FakeBus()

    assert outcomes(run(sqs, queue(), bus)) == [Outcome.PUBLISHED]

    assert bus.entries == [{name: UNPUBLISHED[name] for name in UNPUBLISHED if name != "reason"}]
    assert sqs.bodies(DEAD) == []


def test_an_event_that_the_bus_refuses_again_stays_with_the_answer_told(sqs: FakeSqs) -> None:
    sqs.put(DEAD, json.dumps(UNPUBLISHED))
    bus = FakeBus({"ErrorCode": "InternalFailure", "ErrorMessage": "later"})

    (step,) = run(sqs, queue(), bus)

    assert (step.outcome, step.note) == (Outcome.REFUSED, "InternalFailure: later")
    assert (len(sqs.bodies(DEAD)), sqs.hidden(DEAD)) == (1, [])


def test_records_of_a_stream_are_left_and_their_items_named(sqs: FakeSqs) -> None:
    sqs.put(DEAD, STREAM_FAILURE)

    (step,) = run(sqs, queue())

    assert step.outcome is Outcome.LEFT
    assert "in the table: o1, o2" in step.note
    assert sqs.bodies(DEAD) == [STREAM_FAILURE]


RECORD = json.dumps({"Records": [{"eventName": "INSERT", "eventID": "e1", "dynamodb": {}}]})


def test_a_record_that_its_function_could_not_read_is_given_to_it_again(sqs: FakeSqs) -> None:
    sqs.put(DEAD, RECORD)
    outbox = FakeLambda()

    (step,) = redrive(sqs, lambda_=outbox).run(queue())

    assert (step.outcome, step.note) == (Outcome.SENT, "to orders-dev-outbox")
    assert outbox.invoked == ["arn:aws:lambda:r:0:function:orders-dev-outbox:live"]
    assert outbox.events == [json.loads(RECORD)]
    assert sqs.bodies(DEAD) == []


def test_a_record_for_which_the_function_fails_stays(sqs: FakeSqs) -> None:
    sqs.put(DEAD, RECORD)

    (step,) = redrive(sqs, lambda_=FakeLambda(b'{"errorType": "ClientError"}')).run(queue())

    assert (step.outcome, step.note) == (Outcome.REFUSED, '{"errorType": "ClientError"}')
    assert (sqs.bodies(DEAD), sqs.hidden(DEAD)) == ([RECORD], [])


def test_a_record_that_is_put_aside_again_is_given_to_the_function_once(sqs: FakeSqs) -> None:
    attributes = {"MESSAGE_ID": {"DataType": "String", "StringValue": "e1"}}

    class StillUnable(FakeLambda):
        def invoke(self, **request: Any) -> dict[str, Any]:
            sqs.put(DEAD, RECORD)
            sqs.queues[DEAD][-1].attributes = attributes
            return super().invoke(**request)

    sqs.put(DEAD, RECORD)
    sqs.queues[DEAD][0].attributes = attributes

    steps = list(redrive(sqs, lambda_=StillUnable()).run(queue()))

    assert outcomes(steps) == [Outcome.SENT, Outcome.CAME_BACK]
    assert (sqs.bodies(DEAD), sqs.hidden(DEAD)) == ([RECORD], [])


@pytest.mark.parametrize(
    "bus",
    [
        "shared-infra-prod",
        "default",
        "shared-infra-dev-2",
        "arn:aws:events:eu-central-1:000000000000:event-bus/shared-infra-prod",
        "arn:aws:events:eu-central-1:111111111111:event-bus/shared-infra-dev",
        "arn:aws:events:us-east-1:000000000000:event-bus/shared-infra-dev",
        "arn:aws-cn:events:eu-central-1:000000000000:event-bus/shared-infra-dev",
        "",
    ],
)
def test_an_event_for_another_bus_is_refused_and_named_and_the_others_are_published(
    sqs: FakeSqs, bus: str
) -> None:
    foreign = json.dumps(UNPUBLISHED | {"EventBusName": bus})
    sqs.put(DEAD, foreign)
    sqs.put(DEAD, json.dumps(UNPUBLISHED))
    events = FakeBus()

    refused, published = run(sqs, queue(), events)

    assert (refused.outcome, published.outcome) == (Outcome.REFUSED, Outcome.PUBLISHED)
    assert f"it names the bus {bus}," in refused.note
    assert [entry["EventBusName"] for entry in events.entries] == ["shared-infra-dev"]
    assert (sqs.bodies(DEAD), sqs.hidden(DEAD)) == ([foreign], [])


def test_an_event_that_names_the_stages_bus_by_its_arn_is_published(sqs: FakeSqs) -> None:
    arn = "arn:aws:events:eu-central-1:000000000000:event-bus/shared-infra-dev"
    sqs.put(DEAD, json.dumps(UNPUBLISHED | {"EventBusName": arn}))

    assert outcomes(run(sqs, queue())) == [Outcome.PUBLISHED]


def test_an_event_of_which_only_the_order_could_be_kept_is_left(sqs: FakeSqs) -> None:
    sqs.put(DEAD, json.dumps(UNPUBLISHED | {"Detail": None, "orderId": "1"}))

    (step,) = run(sqs, queue())

    assert step.outcome is Outcome.LEFT
    assert "too large" in step.note


def test_one_message_that_gets_no_answer_ends_nothing(sqs: FakeSqs) -> None:
    class Slow(FakeLambda):
        def invoke(self, **_: Any) -> Any:
            raise ReadTimeoutError(endpoint_url="https://lambda")

    sqs.put(DEAD, RECORD)
    sqs.put(DEAD, json.dumps(UNPUBLISHED))

    unanswered, published = redrive(sqs, lambda_=Slow()).run(queue())

    assert (unanswered.outcome, published.outcome) == (Outcome.REFUSED, Outcome.PUBLISHED)
    assert (unanswered.message.body, published.message.body) == (RECORD, json.dumps(UNPUBLISHED))
    assert "timeout" in unanswered.note.lower()
    assert (sqs.bodies(DEAD), sqs.hidden(DEAD)) == ([RECORD], [])


def test_one_message_that_aws_refuses_ends_nothing(sqs: FakeSqs) -> None:
    class Strict(FakeBus):
        def put_events(self, *, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
            if "bad" in Entries[0]["Detail"]:
                raise ClientError({"Error": {"Code": "ValidationException", "Message": "no"}}, "PutEvents")
            return super().put_events(Entries=Entries)

    sqs.put(DEAD, json.dumps(UNPUBLISHED | {"Detail": "bad"}))
    sqs.put(DEAD, json.dumps(UNPUBLISHED))

    refused, published = run(sqs, queue(), Strict())

    assert (refused.outcome, published.outcome) == (Outcome.REFUSED, Outcome.PUBLISHED)
    assert "ValidationException" in refused.note


@pytest.mark.parametrize(
    "body",
    [
        "[" * 50_000,
        "\ud800",
        "null",
        "7",
        '"text"',
        "{",
        json.dumps(UNPUBLISHED | {"EventBusName": ["shared-infra-dev"]}),
        json.dumps(UNPUBLISHED | {"Source": None}),
        json.dumps({"Records": []}),
        json.dumps({"DDBStreamBatchInfo": None}),
    ],
)
def test_what_is_none_of_what_is_known_is_left_and_the_others_are_sent(sqs: FakeSqs, body: str) -> None:
    sqs.put(DEAD, body)
    sqs.put(DEAD, json.dumps(UNPUBLISHED))

    assert outcomes(run(sqs, queue())) == [Outcome.LEFT, Outcome.PUBLISHED]


def test_records_of_another_accounts_stream_are_not_read(sqs: FakeSqs) -> None:
    stream = "arn:aws:dynamodb:eu-central-1:111111111111:table/orders-dev/stream/x"
    sqs.put(DEAD, json.dumps({"DDBStreamBatchInfo": {"streamArn": stream}}))

    (step,) = run(sqs, queue())

    assert step.outcome is Outcome.REFUSED
    assert stream in step.note


def test_records_that_the_stream_no_longer_holds_are_said_to_be_gone(sqs: FakeSqs) -> None:
    sqs.put(DEAD, STREAM_FAILURE)

    (step,) = redrive(sqs, failed_keys=lambda _: None).run(queue())

    assert "not in the stream" in step.note


def test_what_belongs_nowhere_is_left(sqs: FakeSqs) -> None:
    sqs.put(DEAD, "hello")

    assert outcomes(run(sqs, queue())) == [Outcome.LEFT]


def test_a_plan_moves_nothing(sqs: FakeSqs) -> None:
    sqs.put(DEAD, "a")
    sqs.put(DEAD, "b")

    steps = redrive(sqs).plan(queue(SOURCE, messages=2))

    assert [(step.outcome, step.note) for step in steps] == [(Outcome.SENT, "to orders-dev-x")] * 2
    assert (sqs.bodies(DEAD), sqs.hidden(DEAD), sqs.bodies("source")) == (["a", "b"], [], [])


def test_messages_that_are_looked_at_come_oldest_first_and_are_given_back(sqs: FakeSqs) -> None:
    sqs.put(DEAD, "new", sent_ms=2_000)
    sqs.put(DEAD, "old", sent_ms=1_000)

    with messages.borrowed(sqs, DEAD, at_most=10) as borrowed:  # type: ignore[arg-type]
        assert [message.body for message in borrowed] == ["old", "new"]
        assert sqs.hidden(DEAD) == ["new", "old"]

    assert sqs.hidden(DEAD) == []


def test_the_oldest_of_an_empty_queue_is_none_and_nothing_is_asked(sqs: FakeSqs) -> None:
    assert messages.oldest_sent_at(sqs, queue(messages=0)) is None  # type: ignore[arg-type]
    assert sqs.calls == []
