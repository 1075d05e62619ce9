"""Describe dead-letter messages."""

from collections.abc import Iterable
from typing import Any

from stagectl.recovery.dead_letters import DeadLetterQueue
from stagectl.recovery.failure_reasons import FailureReasons
from stagectl.recovery.message_content import hide_secrets, kind_of, payload_of
from stagectl.recovery.messages import Message


def report(
    queue: DeadLetterQueue, messages: Iterable[Message], reasons: FailureReasons
) -> list[dict[str, Any]]:
    """Return a description of each message, ready for JSON."""
    return [
        {
            "id": message.message_id,
            "kind": kind_of(message.body).value,
            "sentAt": message.sent_at,
            "firstReceivedAt": message.first_received_at,
            "receiveCount": message.receive_count,
            "reason": hide_secrets(reasons.of(message, message.source_among(queue.sources)) or "") or None,
            "payload": payload_of(message.body),
        }
        for message in messages
    ]
