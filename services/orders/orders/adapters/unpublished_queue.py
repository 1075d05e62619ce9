"""The dead-letter queue of the outbox."""

import json

from orders.domain.events import OrderEvent
from service_kit.aws import client
from service_kit.events import MAX_BODY_BYTES, event_detail


class UnpublishedQueue:
    """Keeps events as PutEvents takes them, so that publishing them later needs nothing else."""

    def __init__(self, queue_url: str, event_bus_name: str, *, event_source: str) -> None:
        self._queue_url = queue_url
        self._event_bus_name = event_bus_name
        self._event_source = event_source

    def keep(self, event: OrderEvent, reason: str) -> None:
        """Put an event aside."""
        entry = {
            "EventBusName": self._event_bus_name,
            "Source": self._event_source,
            "DetailType": event.detail_type,
            "Detail": event_detail(event, correlation_id=event.correlation_id),
            "reason": reason,
        }
        body = json.dumps(entry)
        if len(body) > MAX_BODY_BYTES:
            # SQS does not take it either. What it was about is in the table.
            body = json.dumps(entry | {"Detail": None, "orderId": event.order_id})
        client("sqs").send_message(QueueUrl=self._queue_url, MessageBody=body)
