"""What there is to know of dead letters."""

from collections.abc import Iterable
from typing import Any

from stagectl.recovery.dead_letters import DeadLetterQueue
from stagectl.recovery.failure_reasons import FailureReasons
from stagectl.recovery.message_content import hide_secrets, kind_of, payload_of
from stagectl.recovery.messages import Letter


def report(
    queue: DeadLetterQueue, letters: Iterable[Letter], reasons: FailureReasons
) -> list[dict[str, Any]]:
    """Return what there is to know of some letters, ready for JSON."""
    return [
        {
            "id": letter.message_id,
            "kind": kind_of(letter.body).value,
            "sentAt": letter.sent_at.isoformat(),
            "firstReceivedAt": letter.first_received_at.isoformat() if letter.first_received_at else None,
            "receiveCount": letter.receive_count,
            "reason": hide_secrets(reasons.of(letter, letter.source_among(queue.sources)) or "") or None,
            "payload": payload_of(letter.body),
        }
        for letter in letters
    ]
