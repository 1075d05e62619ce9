"""Read the logs of a service's functions."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from stagectl import aws
from stagectl.checkout.services import Stack
from stagectl.errors import UsageError
from stagectl.targets.stage_name import name_on_stage

if TYPE_CHECKING:
    from mypy_boto3_logs.type_defs import FilteredLogEventTypeDef

_POLL_SECONDS = 1.0
_OVERLAP = timedelta(seconds=10)


@dataclass(frozen=True)
class LogLine:
    """One event of a function's log."""

    written_at: datetime
    function: str
    text: str


def choose_functions(stack: Stack, function: str | None) -> Sequence[str]:
    """Return the named function, or all functions of the service.

    Raises:
        UsageError: The service has no such function, or none at all.
    """
    if not stack.functions:
        raise UsageError(f"{stack.name} has no functions.")
    if function is None:
        return stack.functions
    if function not in stack.functions:
        raise UsageError(f"{stack.name} has no function {function}. Functions: {', '.join(stack.functions)}.")
    return [function]


def read(
    service: str, functions: Sequence[str], stage: str, *, age: timedelta, follow: bool
) -> Iterator[LogLine]:
    """Yield the lines of functions' logs by time; the stage's target must have been entered.

    Args:
        service: Service that the functions belong to.
        functions: Keys of the functions.
        stage: Stage name.
        age: How far back to begin.
        follow: Yield new lines without end.
    """
    logs = aws.session().client("logs")
    filter_events = logs.get_paginator("filter_log_events")
    since = datetime.now(tz=UTC) - age
    seen: set[str] = set()
    while True:
        asked_at = datetime.now(tz=UTC)
        lines = []
        for function in functions:
            group = f"/aws/lambda/{name_on_stage(service, function, stage)}"
            try:
                pages = filter_events.paginate(logGroupName=group, startTime=round(since.timestamp() * 1000))
                events = [event for page in pages for event in page["events"]]
            except logs.exceptions.ResourceNotFoundException:
                continue  # the function has not run yet
            for event in events:
                key = _key(function, event)
                if key not in seen:
                    seen.add(key)
                    written_at = datetime.fromtimestamp(event["timestamp"] / 1000, tz=UTC)
                    lines.append(LogLine(written_at, function, event["message"].rstrip()))
        yield from sorted(lines, key=lambda line: line.written_at)
        if not follow:
            return
        # A line can arrive after newer ones have been read: look back a little further than the last time
        # asked.
        since = max(since, asked_at - _OVERLAP)
        time.sleep(_POLL_SECONDS)


def _key(function: str, event: "FilteredLogEventTypeDef") -> str:
    """Return a key that identifies an event; the emulator sets no id."""
    parts = (function, event.get("logStreamName", ""), str(event["timestamp"]), event["message"])
    return event.get("eventId") or "|".join(parts)
