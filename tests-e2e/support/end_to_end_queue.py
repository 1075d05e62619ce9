"""What the stage's bus and topic carry, read from the end-to-end queue."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition, Event, Thread
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from support.stage import Stage

POLL_SECONDS = 1
RETRY_SECONDS = 0.5
MOST_SHOWN = 20


@dataclass(frozen=True)
class Message:
    """One event of the bus, or one notification of a topic.

    Attributes:
        channel: Name of the bus, or of the topic.
        name: The event's detail-type, or `notification`.
        source: The event's source; empty for a notification.
        content: The event's detail or the notification's message, parsed.
    """

    channel: str
    name: str
    source: str
    content: dict[str, Any]


class EndToEndQueue:
    """Drains the queue in the background into memory, where tests wait for the messages that are theirs.

    Messages are deleted as they are read, so one suite at a time may read a stage's queue.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._url = stage.published("shared-infra", "e2eQueueUrl")
        self._messages: list[Message] = []
        self._arrived = Condition()
        self._trouble: Exception | None = None
        self._stopping = Event()
        self._listeners: list[Callable[[Message], None]] = []
        self._thread = Thread(target=self._drain, name="end-to-end-queue", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def tell(self, listener: Callable[[Message], None]) -> None:
        """Call a listener with every message from now on, in the reading thread."""
        self._listeners.append(listener)

    def stop(self) -> None:
        """End reading; returns once the last poll has ended."""
        self._stopping.set()
        self._thread.join()

    def wait_for(
        self, is_it: Callable[[Message], bool], *, within_seconds: float, what: str, about: str
    ) -> Message:
        """Wait for a message and give it.

        Args:
            is_it: Whether a message is the one.
            within_seconds: How long to wait at most.
            what: What is waited for, for the failure.
            about: A text, such as an id, by which the failure picks the messages to show.

        Raises:
            AssertionError: it did not come in time; tells what came instead.
        """
        with self._arrived:
            self._arrived.wait_for(lambda: any(map(is_it, self._messages)), timeout=within_seconds)
            found = next(filter(is_it, self._messages), None)
            seen = list(self._messages)
        if found is not None:
            return found
        related = [message for message in seen if about in json.dumps(message.content)]
        raise AssertionError(
            f"{what}: not on the end-to-end queue within {within_seconds} s. "
            f"Of {len(seen)} messages these are about {about}: {related[:MOST_SHOWN]}. "
            f"Last trouble with the queue: {self._trouble!r}"
        )

    def seen(self, is_it: Callable[[Message], bool]) -> list[Message]:
        """Return the messages that came so far and fit."""
        with self._arrived:
            return list(filter(is_it, self._messages))

    def _drain(self) -> None:
        while not self._stopping.is_set():
            try:
                self._receive()
            except (BotoCoreError, ClientError) as trouble:
                self._trouble = trouble
                self._stopping.wait(RETRY_SECONDS)

    def _receive(self) -> None:
        sqs = self._stage.sqs
        received = sqs.receive_message(
            QueueUrl=self._url, MaxNumberOfMessages=10, WaitTimeSeconds=POLL_SECONDS
        ).get("Messages", [])
        if not received:
            return
        arrived = [read_message(message["Body"]) for message in received]
        with self._arrived:
            self._messages += arrived
            self._arrived.notify_all()
        for listener in self._listeners:
            for message in arrived:
                listener(message)
        sqs.delete_message_batch(
            QueueUrl=self._url,
            Entries=[
                {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
                for number, message in enumerate(received)
            ],
        )


def read_message(body: str) -> Message:
    """Read what the bus's rule or a topic wrote to the queue."""
    document = json.loads(body)
    if "detail-type" in document:
        return Message(
            # What was redriven comes without the name that the rule adds.
            document.get("eventBusName", ""),
            document["detail-type"],
            document["source"],
            document["detail"],
        )
    topic = document["TopicArn"].rpartition(":")[2]
    return Message(topic, "notification", "", json.loads(document["Message"]))
