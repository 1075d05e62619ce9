"""A small SQS: queues in memory whose messages are hidden while somebody holds them."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any


@dataclass
class _Message:
    message_id: str
    body: str
    sent_ms: int
    source_arn: str | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    receive_count: int = 5
    is_hidden: bool = False


class FakeSqs:
    """The calls of boto3's client that dead letters need. Hidden messages come back only when given back."""

    def __init__(self) -> None:
        self.queues: dict[str, list[_Message]] = {}
        self.calls: list[str] = []
        self.hidden_for: list[int] = []
        self.fail_on: str | None = None
        self.moves_on_send: tuple[str, str] | None = None
        self._ids = count(1)

    def put(self, url: str, body: str, *, sent_ms: int = 1_000, source_arn: str | None = None) -> str:
        message_id = f"m{next(self._ids)}"
        self.queues.setdefault(url, []).append(_Message(message_id, body, sent_ms, source_arn))
        return message_id

    def bodies(self, url: str) -> list[str]:
        return [message.body for message in self.queues.get(url, [])]

    def hidden(self, url: str) -> list[str]:
        return [message.body for message in self.queues.get(url, []) if message.is_hidden]

    def receive_message(self, **request: Any) -> dict[str, Any]:
        self._called("receive_message")
        assert 1 <= request["MaxNumberOfMessages"] <= 10, "SQS gives one to ten"
        assert 0 <= request["VisibilityTimeout"] <= 43_200, "SQS hides a message for twelve hours at most"
        self.hidden_for.append(request["VisibilityTimeout"])
        free = [message for message in self.queues.get(request["QueueUrl"], []) if not message.is_hidden]
        taken = free[: request["MaxNumberOfMessages"]]
        for message in taken:
            message.is_hidden = True
            message.receive_count += 1
        return {"Messages": [self._shown(message) for message in taken]} if taken else {}

    def change_message_visibility_batch(self, **request: Any) -> dict[str, Any]:
        self._called("change_message_visibility_batch")
        handles = {entry["ReceiptHandle"] for entry in request["Entries"]}
        for message in self.queues[request["QueueUrl"]]:
            if f"handle of {message.message_id}" in handles:
                message.is_hidden = False
        return {}

    def send_message(self, **request: Any) -> dict[str, Any]:
        self._called("send_message")
        url = request["QueueUrl"]
        if self.moves_on_send and self.moves_on_send[0] == url:
            # It fails at once, for good: SQS moves it under the id it was sent with.
            url = self.moves_on_send[1]
        message_id = self.put(url, request["MessageBody"])
        self.queues[url][-1].attributes = request["MessageAttributes"]
        return {"MessageId": message_id}

    def delete_message(self, **request: Any) -> dict[str, Any]:
        self._called("delete_message")
        url = request["QueueUrl"]
        handle = request["ReceiptHandle"]
        self.queues[url] = [one for one in self.queues[url] if f"handle of {one.message_id}" != handle]
        return {}

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if name == self.fail_on:
            raise KeyboardInterrupt

    @staticmethod
    def _shown(message: _Message) -> dict[str, Any]:
        system = {
            "SentTimestamp": str(message.sent_ms),
            "ApproximateFirstReceiveTimestamp": str(message.sent_ms + 500),
            "ApproximateReceiveCount": str(message.receive_count),
        }
        if message.source_arn:
            system["DeadLetterQueueSourceArn"] = message.source_arn
        return {
            "MessageId": message.message_id,
            "ReceiptHandle": f"handle of {message.message_id}",
            "Body": message.body,
            "Attributes": system,
            "MessageAttributes": message.attributes,
        }
