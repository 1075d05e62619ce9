"""Read a dead-letter queue without removing messages."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from stagectl.recovery.dead_letters import DeadLetterQueue, Queue

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

BORROWED_SECONDS = 30
"""Visibility timeout of a message that is being read, unless it is released earlier."""

MOST_LOOKED_AT = 100
"""How many messages are read to find the oldest: SQS returns them in no order."""

BATCH = 10

# As EventBridge names them, and this project's functions after it (service_kit.events).
TARGET, CODE, EXPLANATION, FIRST_ID = "TARGET_ARN", "ERROR_CODE", "ERROR_MESSAGE", "MESSAGE_ID"
ABOUT_FAILURE = frozenset(
    {TARGET, CODE, EXPLANATION, FIRST_ID, "RULE_ARN", "EXHAUSTED_RETRY_CONDITION", "RETRY_ATTEMPTS"}
)
"""Message attributes that say why a message failed and what its destination was."""

_WAIT_SECONDS = 1


@dataclass(frozen=True)
class Message:
    """One message of a dead-letter queue.

    Attributes:
        message_id: The id that it had in its source queue too.
        body: What was sent.
        sent_at: When it was first sent, to the source queue.
        first_received_at: When it was first received.
        receive_count: How often it was received, also from this queue.
        handle: Receipt handle, by which it is deleted or released.
        source_arn: The queue it comes from, if SQS moved it, or was on its way to, if its sender says so.
        attributes: Message attributes, as SQS gave them.
    """

    message_id: str
    body: str
    sent_at: datetime
    first_received_at: datetime | None
    receive_count: int
    handle: str = field(repr=False)
    source_arn: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def first_id(self) -> str:
        """The id that it had before the failing function sent it to this queue under a new one."""
        return _text(self.attributes, FIRST_ID) or self.message_id

    @property
    def reason(self) -> str | None:
        """Why it failed, if its sender said so: EventBridge or a function of this project."""
        return (
            ": ".join(filter(None, (_text(self.attributes, CODE), _text(self.attributes, EXPLANATION))))
            or None
        )

    @property
    def own_attributes(self) -> dict[str, Any]:
        """The attributes that it was sent with originally."""
        return {name: value for name, value in self.attributes.items() if name not in ABOUT_FAILURE}

    def source_among(self, queues: Sequence[Queue]) -> Queue | None:
        """Return its source queue: the one that it names, else the only one there is."""
        candidates = [queue for queue in queues if self.source_arn in {queue.arn, None}]
        return candidates[0] if len(candidates) == 1 else None


def receive(sqs: "SQSClient", url: str, *, at_most: int, hidden_seconds: int) -> list[Message]:
    """Receive up to ten messages, hidden from others for some seconds; none when the queue is empty."""
    answer = sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=min(at_most, BATCH),
        VisibilityTimeout=hidden_seconds,
        # Without waiting, SQS asks only some of its servers and may find none though there are messages.
        WaitTimeSeconds=_WAIT_SECONDS,
        MessageSystemAttributeNames=["All"],
        MessageAttributeNames=["All"],
    )
    return [_message(message) for message in answer.get("Messages", [])]


def give_back(sqs: "SQSClient", url: str, messages: Sequence[Message]) -> None:
    """Release messages at once. Those for which this fails are released some seconds later by SQS."""
    for start in range(0, len(messages), BATCH):
        sqs.change_message_visibility_batch(
            QueueUrl=url,
            Entries=[
                {"Id": str(number), "ReceiptHandle": message.handle, "VisibilityTimeout": 0}
                for number, message in enumerate(messages[start : start + BATCH])
            ],
        )


@contextmanager
def borrowed(sqs: "SQSClient", url: str, *, at_most: int) -> Iterator[list[Message]]:
    """Yield messages of a queue, oldest first, and release them at the end."""
    messages: dict[str, Message] = {}
    deadline = time.monotonic() + BORROWED_SECONDS / 2
    try:
        while len(messages) < at_most and time.monotonic() < deadline:
            received = receive(sqs, url, at_most=at_most - len(messages), hidden_seconds=BORROWED_SECONDS)
            if not received:
                break
            messages |= {message.message_id: message for message in received}
        yield sorted(messages.values(), key=lambda message: message.sent_at)
    finally:
        give_back(sqs, url, list(messages.values()))


def oldest_sent_at(sqs: "SQSClient", queue: DeadLetterQueue) -> datetime | None:
    """Return when the oldest message of a queue was sent, among the first hundred that SQS returns."""
    if not queue.messages:
        return None
    with borrowed(sqs, queue.url, at_most=min(queue.messages, MOST_LOOKED_AT)) as messages:
        return messages[0].sent_at if messages else None


def _message(message: "MessageTypeDef") -> Message:
    system: Mapping[str, str] = {str(name): value for name, value in message.get("Attributes", {}).items()}
    first_received = system.get("ApproximateFirstReceiveTimestamp")
    attributes = message.get("MessageAttributes", {})
    return Message(
        message_id=message["MessageId"],
        body=message["Body"],
        sent_at=_moment(system["SentTimestamp"]),
        first_received_at=_moment(first_received) if first_received else None,
        receive_count=int(system.get("ApproximateReceiveCount", "0")),
        handle=message["ReceiptHandle"],
        source_arn=system.get("DeadLetterQueueSourceArn") or _text(attributes, TARGET),
        attributes=attributes,
    )


def _text(attributes: Mapping[str, Any], name: str) -> str | None:
    value = attributes.get(name, {}).get("StringValue")
    return str(value) if value else None


def _moment(milliseconds: str) -> datetime:
    return datetime.fromtimestamp(int(milliseconds) / 1000, tz=UTC)
