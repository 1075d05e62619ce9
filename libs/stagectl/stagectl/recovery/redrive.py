"""Bringing dead messages home: back to where they failed, then out of the dead-letter queue."""

import math
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stagectl import aws
from stagectl.recovery import messages, stream_records
from stagectl.recovery.dead_letters import DeadLetterQueue
from stagectl.recovery.destinations import Destinations, Outcome, RefusedError
from stagectl.recovery.messages import Letter

if TYPE_CHECKING:
    from mypy_boto3_events.client import EventBridgeClient
    from mypy_boto3_lambda.client import LambdaClient
    from mypy_boto3_sqs.client import SQSClient

DEFAULT_PER_SECOND = 10.0
_HIDDEN_SECONDS = 60


STAYING = frozenset({Outcome.REFUSED, Outcome.CAME_BACK, Outcome.LEFT})
"""What leaves a letter in its dead-letter queue."""


@dataclass(frozen=True)
class Step:
    """What became of one letter.

    Attributes:
        letter: The letter.
        outcome: `SENT` to its source queue or `PUBLISHED` on its bus, and gone from the dead-letter queue;
            all others are still there: `REFUSED` by AWS, which may also not have answered, or by this program
            as it belongs to another stage, `CAME_BACK` after having been sent by this very run, `LEFT` since
            it belongs nowhere.
        note: Where it went, or why it did not.
    """

    letter: Letter
    outcome: Outcome
    note: str

    @property
    def is_home(self) -> bool:
        """Whether the letter has left the dead-letter queue."""
        return self.outcome not in STAYING


class Redrive:
    """Brings the messages of queues home, one after another.

    A letter is sent first and deleted then: a run that is killed in between leaves it in both places, where
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
        """Return one for the target that was entered last."""
        session = aws.session()
        clients = (session.client("sqs"), session.client("events"), session.client("lambda"))
        return cls(*clients, per_second=per_second)

    def plan(self, queue: DeadLetterQueue, *, at_most: int | None = None) -> list[Step]:
        """Tell what `run` would do, for the messages that SQS gives now. Nothing is moved."""
        limit = queue.messages if at_most is None else min(at_most, queue.messages)
        with messages.borrowed(self._sqs, queue.url, at_most=limit) as borrowed:
            return [self._bring_home(queue, letter) for letter in borrowed]

    def run(self, queue: DeadLetterQueue, *, at_most: int | None = None) -> Generator[Step, None, None]:
        """Bring messages of a queue home until it is empty, and yield what became of each.

        A letter that fails again comes back under a known id and is not sent a second time.
        Close the generator: what it still holds is given back to the queue then.

        Args:
            queue: The queue.
            at_most: How many messages to deal with; all when None.
        """
        dealt_with: set[str] = set()
        sent: set[str] = set()
        held: dict[str, Letter] = {}
        hidden_seconds = _HIDDEN_SECONDS + math.ceil(messages.BATCH * self._interval_seconds)
        try:
            while at_most is None or len(dealt_with) < at_most:
                wanted = messages.BATCH if at_most is None else at_most - len(dealt_with)
                received = messages.receive(
                    self._sqs, queue.url, at_most=wanted, hidden_seconds=hidden_seconds
                )
                if not received:
                    return
                held |= {letter.message_id: letter for letter in received}
                for letter in received:
                    if letter.message_id in dealt_with:
                        continue
                    dealt_with.add(letter.message_id)
                    if letter.first_id in sent:
                        yield Step(letter, Outcome.CAME_BACK, "failed again after it was sent")
                        continue
                    step = self._bring_home(queue, letter, sent)
                    if step.is_home:
                        del held[letter.message_id]
                    yield step
                    self._sleep(self._interval_seconds)
        finally:
            messages.give_back(self._sqs, queue.url, list(held.values()))

    def _bring_home(self, queue: DeadLetterQueue, letter: Letter, sent: set[str] | None = None) -> Step:
        """Bring a letter home, or without the set only tell where it would go."""
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

        try:
            destination = self._destinations.of(queue, letter)
            if destination.send is None or sent is None:
                return Step(letter, destination.outcome, destination.note)
            sent.add(destination.send())
        except (BotoCoreError, ClientError, RefusedError) as error:
            return Step(letter, Outcome.REFUSED, str(error))
        self._sqs.delete_message(QueueUrl=queue.url, ReceiptHandle=letter.handle)
        return Step(letter, destination.outcome, destination.note)
