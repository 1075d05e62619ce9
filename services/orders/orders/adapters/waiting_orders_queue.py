"""The queue of orders that wait for an answer."""

import math
from datetime import timedelta

from service_kit.aws import client

# SQS's maximum.
LONGEST_DELAY_SECONDS = 900


class WaitingOrdersQueue:
    """Brings a message again later."""

    def __init__(self, queue_url: str) -> None:
        self._queue_url = queue_url

    def send_again(self, body: str, *, after: timedelta) -> None:
        """Send a message that appears after a time, or as late as SQS allows."""
        delay_seconds = min(math.ceil(after.total_seconds()), LONGEST_DELAY_SECONDS)
        client("sqs").send_message(QueueUrl=self._queue_url, MessageBody=body, DelaySeconds=delay_seconds)
