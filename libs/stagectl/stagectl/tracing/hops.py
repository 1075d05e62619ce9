"""Compare what was published with what its consumers logged, and name what is missing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from stagectl.checkout.services import Stack, event_queues_for
from stagectl.tracing.log_search import Found, Line

PUBLISHED = "event published"


@dataclass(frozen=True)
class Hop:
    """An event on its way to one of its consumers.

    Attributes:
        detail_type: What happened, such as `order_placed`.
        service: The consumer's service.
        consumer: The function that reads the queue.
        queue: The queue, as `custom.eventQueues` names it.
        is_delayed: Whether the queue holds events back for a while.
        attempts: How often the consumer received it, as far as it logged something.
        error: The last line of the last attempt that failed; None when it has not failed.
    """

    detail_type: str
    service: str
    consumer: str
    queue: str
    is_delayed: bool
    attempts: int = 0
    error: Line | None = None

    @property
    def is_done(self) -> bool:
        """Whether the consumer has handled the event."""
        return self.attempts > 0 and self.error is None


def hops(stacks: Mapping[str, Stack], found: Found) -> list[Hop]:
    """Return every way that the published events take on this stage, in the order of publication."""
    published = dict.fromkeys(
        str(line.entry.get("detail_type")) for line in found.lines if line.entry.get("message") == PUBLISHED
    )
    return [
        _followed(hop, found.lines)
        for detail_type in published
        for stack in stacks.values()
        for hop in _ways(stack, detail_type)
        if f"{hop.service}/{hop.consumer}" not in found.absent
    ]


def unpublished(order: Mapping[str, Any], found: Found) -> list[str]:
    """Return the events that an order's states should have led to and that no line says were published."""
    states = [change["state"] for change in order["history"] if change["state"] != "notified"]
    published = {
        line.entry.get("detail_type") for line in found.lines if line.entry.get("message") == PUBLISHED
    }
    return [event for state in states if (event := f"order_{state}") not in published]


def _ways(stack: Stack, detail_type: str) -> Iterator[Hop]:
    # What takes every event, such as the archive, names none and does nothing with one.
    for name, queue in event_queues_for(stack, detail_type).items():
        if "consumer" in queue:
            yield Hop(detail_type, stack.name, queue["consumer"], name, is_delayed="delaySeconds" in queue)


def _followed(hop: Hop, lines: Sequence[Line]) -> Hop:
    own = [
        line
        for line in lines
        if (line.service, line.function) == (hop.service, hop.consumer)
        and line.entry.get("detail_type") == hop.detail_type
        and line.entry.get("message") != PUBLISHED
        and line.entry.get("level") != "DEBUG"
    ]
    if not own:
        return hop
    # A message that was redriven is received once more from its first attempt on.
    last = [line for line in own if _attempt(line) == _attempt(own[-1])]
    error = last[-1] if last[-1].is_error else None
    return replace(hop, attempts=len(set(map(_attempt, own))), error=error)


def _attempt(line: Line) -> tuple[object, object]:
    return line.entry.get("message_id"), line.entry.get("attempt")
