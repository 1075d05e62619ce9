"""Redrive dead-letter messages: send each to its destination, then delete it from the queue."""

import math
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stagectl import aws
from stagectl.recovery import messages, stream_records
from stagectl.recovery.dead_letters import DeadLetterQueue
from stagectl.recovery.destinations import Destinations, Outcome, RefusedError
from stagectl.recovery.messages import Message

if TYPE_CHECKING:
    from mypy_boto3_events.client import EventBridgeClient
    from mypy_boto3_lambda.client import LambdaClient
    from mypy_boto3_sqs.client import SQSClient

DEFAULT_PER_SECOND = 10.0
_HIDDEN_SECONDS = 60


STAYING = frozenset({Outcome.REFUSED, Outcome.CAME_BACK, Outcome.LEFT})
"""Outcomes that leave a message in its dead-letter queue."""


@dataclass(frozen=True)
class Step:
    """The outcome of one message.

    Attributes:
        message: The message.
        outcome: `SENT` to its source queue or `PUBLISHED` on its bus, and gone from the dead-letter queue;
            all others are still there: `REFUSED` by AWS, which may also not have answered, or by this program
            as it belongs to another stage, `CAME_BACK` after having been sent by this very run, `LEFT` since
            it belongs nowhere.
        note: Where it went, or why it did not.
    """

    message: Message
    outcome: Outcome
    note: str

    @property
    def has_left(self) -> bool:
        """Whether the message has left the dead-letter queue."""
        return self.outcome not in STAYING


class Redrive:
    """Redrives the messages of queues, one after another.

    A message is sent first and deleted then: a run that is killed in between leaves it in both places, where
    consumers recognise the repeat, and never in none.

    Args:
        sqs: Client of the queues.
        events: Client of the bus.
        lambda_: Client of the functions that read streams.
        per_second: How many messages to send in a second at most; consumers may be slow.
        failed_keys: Reads which items a stream's failure was about.
        sleep: Waits for some seconds.
    """

    def __init__(
        self,
        sqs: "SQSClient",
        events: "EventBridgeClient",
        lambda_: "LambdaClient",
        *,
        per_second: float = DEFAULT_PER_SECOND,
        failed_keys: Callable[[str], list[str] | None] = stream_records.keys_of_failed_records,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._sqs = sqs
        self._interval_seconds = 1 / per_second
        self._destinations = Destinations(sqs, events, lambda_, failed_keys)
        self._sleep = sleep

    @classmethod
    def on_entered_target(cls, *, per_second: float = DEFAULT_PER_SECOND) -> "Redrive":
        """Return an instance for the target that was entered last."""
        session = aws.session()
        clients = (session.client("sqs"), session.client("events"), session.client("lambda"))
        return cls(*clients, per_second=per_second)

    def plan(self, queue: DeadLetterQueue, *, at_most: int | None = None) -> list[Step]:
        """Return what `run` would do, for the messages that SQS returns now. Nothing is moved."""
        limit = queue.messages if at_most is None else min(at_most, queue.messages)
        with messages.borrowed(self._sqs, queue.url, at_most=limit) as borrowed:
            return [self._redrive(queue, message) for message in borrowed]

    def run(self, queue: DeadLetterQueue, *, at_most: int | None = None) -> Generator[Step, None, None]:
        """Redrive messages of a queue until it is empty, and yield the outcome of each.

        A message that fails again comes back under a known id and is not sent a second time.
        Close the generator: what it still holds is given back to the queue then.

        Args:
            queue: The queue.
            at_most: How many messages to deal with; all when None.
        """
        dealt_with: set[str] = set()
        sent: set[str] = set()
        held: dict[str, Message] = {}
        hidden_seconds = _HIDDEN_SECONDS + math.ceil(messages.BATCH * self._interval_seconds)
        try:
            while at_most is None or len(dealt_with) < at_most:
                wanted = messages.BATCH if at_most is None else at_most - len(dealt_with)
                received = messages.receive(
                    self._sqs, queue.url, at_most=wanted, hidden_seconds=hidden_seconds
                )
                if not received:
                    return
                held |= {message.message_id: message for message in received}
                for message in received:
                    if message.message_id in dealt_with:
                        continue
                    dealt_with.add(message.message_id)
                    if message.first_id in sent:
                        yield Step(message, Outcome.CAME_BACK, "failed again after it was sent")
                        continue
                    step = self._redrive(queue, message, sent)
                    if step.has_left:
                        del held[message.message_id]
                    yield step
                    self._sleep(self._interval_seconds)
        finally:
            messages.give_back(self._sqs, queue.url, list(held.values()))

    def _redrive(self, queue: DeadLetterQueue, message: Message, sent: set[str] | None = None) -> Step:
        """Redrive a message, or without the set only return where it would go."""
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

        try:
            destination = self._destinations.of(queue, message)
            if destination.send is None or sent is None:
                return Step(message, destination.outcome, destination.note)
            sent.add(destination.send())
        except (BotoCoreError, ClientError, RefusedError) as error:
            return Step(message, Outcome.REFUSED, str(error))
        self._sqs.delete_message(QueueUrl=queue.url, ReceiptHandle=message.handle)
        return Step(message, destination.outcome, destination.note)
