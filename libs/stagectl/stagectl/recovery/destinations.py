"""Where dead-letter messages are sent back to, within their own stage."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from stagectl.recovery import event_archive
from stagectl.recovery.dead_letters import DeadLetterQueue, Queue
from stagectl.recovery.message_content import Kind, document_of, kind_of
from stagectl.recovery.messages import Message

if TYPE_CHECKING:
    from mypy_boto3_events.client import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef
    from mypy_boto3_lambda.client import LambdaClient
    from mypy_boto3_sqs.client import SQSClient


class Outcome(StrEnum):
    """The outcome of a message."""

    SENT = "sent"
    PUBLISHED = "published"
    REFUSED = "refused"
    CAME_BACK = "came back"
    LEFT = "left"


class RefusedError(Exception):
    """A destination refused a message; the text says why."""


@dataclass(frozen=True)
class Destination:
    """Where a message is sent, or why it stays in the queue.

    Attributes:
        outcome: Its outcome, if the destination accepts it.
        note: Where it goes, or why it stays.
        send: Sends it there and returns the id under which it would come back; None for one that stays.
            Raises RefusedError when it is not taken.
    """

    outcome: Outcome
    note: str
    send: Callable[[], str] | None = None


class Destinations:
    """Finds the destinations of messages.

    Anyone who may send to a dead-letter queue decides what its messages say. So a destination that a message
    names is accepted only within its own stage: the source queues of this queue, the stage's bus, and the
    function whose stream failures this queue receives.

    Args:
        sqs: Client of the queues.
        events: Client of the bus.
        lambda_: Client of the functions that read streams.
        failed_keys: Reads which items a stream's failure was about.
    """

    def __init__(
        self,
        sqs: "SQSClient",
        events: "EventBridgeClient",
        lambda_: "LambdaClient",
        failed_keys: Callable[[str], list[str] | None],
    ) -> None:
        self._sqs = sqs
        self._events = events
        self._lambda = lambda_
        self._failed_keys = failed_keys

    def of(self, queue: DeadLetterQueue, message: Message) -> Destination:
        """Return the destination of a message of a queue."""
        if source := message.source_among(queue.sources):
            return Destination(Outcome.SENT, f"to {source.name}", lambda: self._send(source, message))
        if message.source_arn:
            note = f"its source {message.source_arn} is not a source of this queue"
            return Destination(Outcome.REFUSED, note)
        match kind_of(message.body):
            case Kind.UNPUBLISHED_EVENT:
                return self._on_bus(queue, message)
            case Kind.STREAM_RECORD:
                return self._to_function(queue, message)
            case Kind.STREAM_FAILURE:
                return self._in_stream(queue, message)
            case kind:
                known = ", ".join(source.name for source in queue.sources) or "none"
                return Destination(Outcome.LEFT, f"it has no destination: {kind}, source queues: {known}")

    def _send(self, source: Queue, message: Message) -> str:
        answer = self._sqs.send_message(
            QueueUrl=source.url, MessageBody=message.body, MessageAttributes=message.own_attributes
        )
        return answer["MessageId"]

    def _on_bus(self, queue: DeadLetterQueue, message: Message) -> Destination:
        entry: dict[str, Any] = document_of(message.body)
        name = event_archive.name_of(queue.stage)
        named = entry["EventBusName"]
        if named not in {name, _neighbour(queue.arn, "events", f"event-bus/{name}")}:
            note = f"it names the bus {named}, which is not this stage's {name}"
            return Destination(Outcome.REFUSED, note)
        detail = entry["Detail"]
        if not isinstance(detail, str | dict):
            note = "the event was too large to be stored; its order is in the table"
            return Destination(Outcome.LEFT, note)

        def publish() -> str:
            text = detail if isinstance(detail, str) else json.dumps(detail)
            own: PutEventsRequestEntryTypeDef = {
                "EventBusName": name,
                "Source": entry["Source"],
                "DetailType": entry["DetailType"],
                "Detail": text,
            }
            result = self._events.put_events(Entries=[own])["Entries"][0]
            if result.get("ErrorCode"):
                raise RefusedError(f"{result['ErrorCode']}: {result.get('ErrorMessage', '')}")
            return message.first_id

        return Destination(Outcome.PUBLISHED, f"on {name}", publish)

    def _to_function(self, queue: DeadLetterQueue, message: Message) -> Destination:
        function = self._reader_that_fails_to(queue)
        if function is None:
            return Destination(
                Outcome.LEFT, "no function reads a stream and sends its failures to this queue"
            )

        def invoke() -> str:
            answer = self._lambda.invoke(FunctionName=function, Payload=message.body.encode())
            if answer.get("FunctionError"):
                raise RefusedError(answer["Payload"].read().decode(errors="replace"))
            return message.first_id

        return Destination(Outcome.SENT, f"to {function.split(':')[6]}", invoke)

    def _reader_that_fails_to(self, queue: DeadLetterQueue) -> str | None:
        pages = self._lambda.get_paginator("list_event_source_mappings").paginate()
        for page in pages:
            for mapping in page["EventSourceMappings"]:
                failures = mapping.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
                if failures == queue.arn:
                    return mapping["FunctionArn"]
        return None

    def _in_stream(self, queue: DeadLetterQueue, message: Message) -> Destination:
        stream = document_of(message.body)["DDBStreamBatchInfo"].get("streamArn")
        if isinstance(stream, str) and not stream.startswith(_neighbour(queue.arn, "dynamodb", "table/")):
            return Destination(Outcome.REFUSED, f"it names the stream {stream}, of another account or region")
        keys = self._failed_keys(message.body)
        if keys is None:
            note = "the records are not in the stream, or no longer; the items are in the table"
        else:
            note = f"stream records cannot be sent; the items are in the table: {', '.join(keys)}"
        return Destination(Outcome.LEFT, note)


def _neighbour(queue_arn: str, service: str, resource: str) -> str:
    """Return the ARN of a resource in a queue's partition, region and account."""
    _, partition, _, region, account, _ = queue_arn.split(":", 5)
    return f"arn:{partition}:{service}:{region}:{account}:{resource}"
