"""A queue and its dead-letter queue, in memory."""

from typing import Any

Event = dict[str, Any]


class FakeSqs:
    """Notes what is asked of it, within the limits of SQS; may refuse."""

    def __init__(self) -> None:
        self.sent: list[Event] = []
        self.pauses: dict[str, int] = {}
        self.failure: Exception | None = None

    def send_message(self, **request: Any) -> Event:
        if self.failure:
            raise self.failure
        attributes = request.get("MessageAttributes", {})
        assert len(attributes) <= 10
        assert all(value["DataType"] == "String" and value["StringValue"] for value in attributes.values())
        assert len(request["MessageBody"]) <= 1024 * 1024
        self.sent.append(request)
        return {"MessageId": "new"}

    def change_message_visibility_batch(self, *, QueueUrl: str, Entries: list[Event]) -> Event:  # noqa: N803
        if self.failure:
            raise self.failure
        assert QueueUrl == "https://sqs/queue"
        assert 0 < len(Entries) <= 10
        assert len({entry["Id"] for entry in Entries}) == len(Entries)
        assert all(0 <= entry["VisibilityTimeout"] <= 43_200 for entry in Entries)
        assert self.pauses.keys().isdisjoint(entry["ReceiptHandle"] for entry in Entries)
        self.pauses |= {entry["ReceiptHandle"]: entry["VisibilityTimeout"] for entry in Entries}
        return {"Successful": [], "Failed": []}
