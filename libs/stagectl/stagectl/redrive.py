"""Bringing dead letters home: back to where they failed, then out of the dead-letter queue."""

import json
import math
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from stagectl import aws, letters, stream_records
from stagectl.dead_letters import DeadLetterQueue
from stagectl.letter_content import Kind, kind_of
from stagectl.letters import Letter

if TYPE_CHECKING:
    from mypy_boto3_events.client import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef
    from mypy_boto3_sqs.client import SQSClient

DEFAULT_PER_SECOND = 10.0
_HIDDEN_SECONDS = 60


class Outcome(StrEnum):
    """What became of a letter."""

    SENT = "sent"
    PUBLISHED = "published"
    REFUSED = "refused"
    CAME_BACK = "came back"
    LEFT = "left"


STAYING = frozenset({Outcome.REFUSED, Outcome.CAME_BACK, Outcome.LEFT})
"""What leaves a letter in its dead-letter queue."""


@dataclass(frozen=True)
class Step:
    """What became of one letter.

    Attributes:
        letter: The letter.
        outcome: `SENT` to its source queue or `PUBLISHED` on its bus, and gone from the dead-letter queue;
            all others are still there: `REFUSED` by the bus, `CAME_BACK` after having been sent by this very
            run, `LEFT` since nobody can be given it.
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
    """Brings the letters of queues home, one after another.

    A letter is sent first and deleted then: a run that is killed in between leaves it in both places, where
    consumers recognise the repeat, and never in none.

    Args:
        sqs: Client of the queues.
        events: Client of the bus.
        per_second: How many letters to send in a second at most; consumers may be slow.
        failed_keys: Reads which items a stream's failure was about.
        sleep: Waits for some seconds.
    """

    def __init__(
        self,
        sqs: "SQSClient",
        events: "EventBridgeClient",
        *,
        per_second: float = DEFAULT_PER_SECOND,
        failed_keys: Callable[[str], list[str] | None] = stream_records.keys_of_failed_records,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._sqs = sqs
        self._events = events
        self._interval_seconds = 1 / per_second
        self._failed_keys = failed_keys
        self._sleep = sleep

    @classmethod
    def on_entered_target(cls, *, per_second: float = DEFAULT_PER_SECOND) -> "Redrive":
        """Return one for the target that was entered last."""
        session = aws.session()
        return cls(session.client("sqs"), session.client("events"), per_second=per_second)

    def plan(self, queue: DeadLetterQueue, *, at_most: int | None = None) -> list[Step]:
        """Tell what `run` would do, for the letters that SQS gives now. Nothing is moved."""
        limit = queue.messages if at_most is None else min(at_most, queue.messages)
        with letters.borrowed(self._sqs, queue.url, at_most=limit) as borrowed:
            return [self._destination(queue, letter) for letter in borrowed]

    def run(self, queue: DeadLetterQueue, *, at_most: int | None = None) -> Generator[Step, None, None]:
        """Bring letters of a queue home until it is empty, and yield what became of each.

        A letter that fails again comes back under a known id and is not sent a second time.
        Close the generator: what it still holds is given back to the queue then.

        Args:
            queue: The queue.
            at_most: How many letters to deal with; all when None.
        """
        dealt_with: set[str] = set()
        sent: set[str] = set()
        held: dict[str, Letter] = {}
        hidden_seconds = _HIDDEN_SECONDS + math.ceil(letters.BATCH * self._interval_seconds)
        try:
            while at_most is None or len(dealt_with) < at_most:
                wanted = letters.BATCH if at_most is None else at_most - len(dealt_with)
                received = letters.receive(
                    self._sqs, queue.url, at_most=wanted, hidden_seconds=hidden_seconds
                )
                if not received:
                    return
                held |= {letter.message_id: letter for letter in received}
                for letter in received:
                    if letter.message_id in dealt_with:
                        continue
                    dealt_with.add(letter.message_id)
                    if letter.message_id in sent:
                        yield Step(letter, Outcome.CAME_BACK, "failed again after it was sent")
                        continue
                    step = self._bring_home(queue, letter, sent)
                    if step.is_home:
                        del held[letter.message_id]
                    yield step
                    self._sleep(self._interval_seconds)
        finally:
            letters.give_back(self._sqs, queue.url, list(held.values()))

    def _destination(self, queue: DeadLetterQueue, letter: Letter) -> Step:
        source = letter.source_among(queue.sources)
        if source:
            return Step(letter, Outcome.SENT, f"to {source.name}")
        if kind_of(letter.body) is Kind.UNPUBLISHED_EVENT:
            return Step(letter, Outcome.PUBLISHED, f"on {_entry(letter.body)['EventBusName']}")
        return Step(letter, Outcome.LEFT, self._why_left(queue, letter))

    def _bring_home(self, queue: DeadLetterQueue, letter: Letter, sent: set[str]) -> Step:
        step = self._destination(queue, letter)
        if source := letter.source_among(queue.sources):
            answer = self._sqs.send_message(
                QueueUrl=source.url, MessageBody=letter.body, MessageAttributes=letter.own_attributes
            )
            sent.add(answer["MessageId"])
        elif step.outcome is Outcome.PUBLISHED:
            result = self._events.put_events(Entries=[_entry(letter.body)])["Entries"][0]
            if result.get("ErrorCode"):
                note = f"{result['ErrorCode']}: {result.get('ErrorMessage', '')}"
                return Step(letter, Outcome.REFUSED, note)
        if step.is_home:
            self._sqs.delete_message(QueueUrl=queue.url, ReceiptHandle=letter.handle)
        return step

    def _why_left(self, queue: DeadLetterQueue, letter: Letter) -> str:
        if kind_of(letter.body) is not Kind.STREAM_FAILURE:
            known = ", ".join(source.name for source in queue.sources) or "none"
            return f"nobody knows where it belongs: source queues are {known}, and it is no unpublished event"
        keys = self._failed_keys(letter.body)
        if keys is None:
            return "records of a stream that no longer holds them; the items themselves are in the table"
        return f"records of a stream, which cannot be sent; the items are in the table: {', '.join(keys)}"


def _entry(body: str) -> "PutEventsRequestEntryTypeDef":
    document: dict[str, Any] = json.loads(body)
    detail = document["Detail"]
    return {
        "EventBusName": document["EventBusName"],
        "Source": document["Source"],
        "DetailType": document["DetailType"],
        "Detail": detail if isinstance(detail, str) else json.dumps(detail),
    }
