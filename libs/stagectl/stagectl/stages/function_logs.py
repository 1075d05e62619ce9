"""Read the logs of a service's functions."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from stagectl import aws
from stagectl.checkout.services import Stack
from stagectl.errors import UsageError
from stagectl.targets.stage_name import name_on_stage
from stagectl.terminal import hints

if TYPE_CHECKING:
    from mypy_boto3_logs.client import CloudWatchLogsClient
    from mypy_boto3_logs.type_defs import FilteredLogEventTypeDef

_POLL_SECONDS = 1.0
_OVERLAP = timedelta(seconds=10)


@dataclass(frozen=True)
class LogLine:
    """One event of a function's log."""

    written_at: datetime
    service: str
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
        raise UsageError(hints.unknown("function", function, stack.functions, where=f" in {stack.name}"))
    return [function]


def read(
    functions: Sequence[tuple[str, str]], stage: str, *, age: timedelta, follow: bool
) -> Iterator[LogLine]:
    """Yield the lines of functions' logs by time; the stage's target must have been entered.

    Args:
        functions: Services with keys of their functions.
        stage: Stage name.
        age: How far back to begin.
        follow: Yield new lines without end.
    """
    logs = aws.session().client("logs")
    since = datetime.now(tz=UTC) - age
    seen: set[str] = set()
    while True:
        asked_at = datetime.now(tz=UTC)
        lines = []
        for service, function in functions:
            try:
                events = list(_events(logs, service, function, stage, startTime=_milliseconds(since)))
            except logs.exceptions.ResourceNotFoundException:
                continue  # the function has not run yet
            for event in events:
                key = _key(f"{service}/{function}", event)
                if key not in seen:
                    seen.add(key)
                    lines.append(_line(service, function, event))
        yield from sorted(lines, key=lambda line: line.written_at)
        if not follow:
            return
        # A line can arrive after newer ones have been read: look back a little further than the last time
        # asked.
        since = max(since, asked_at - _OVERLAP)
        time.sleep(_POLL_SECONDS)


def find(
    logs: "CloudWatchLogsClient",
    service: str,
    function: str,
    stage: str,
    *,
    since: datetime,
    until: datetime,
    pattern: str,
    at_most: int,
) -> list[LogLine] | None:
    """Return the first lines of a function that match a filter pattern, or None when it has no log.

    Args:
        logs: Client of the logs.
        service: Service that the function belongs to.
        function: Key of the function.
        stage: Stage name.
        since: Time of the first line.
        until: Time of the last line.
        pattern: Filter pattern of CloudWatch Logs.
        at_most: Number of lines.
    """
    times = {"startTime": _milliseconds(since), "endTime": _milliseconds(until)}
    events = _events(logs, service, function, stage, filterPattern=pattern, **times)
    try:
        return [_line(service, function, event) for event in islice(events, at_most)]
    except logs.exceptions.ResourceNotFoundException:
        return None


def _events(
    logs: "CloudWatchLogsClient", service: str, function: str, stage: str, **what: Any
) -> Iterator["FilteredLogEventTypeDef"]:
    group = f"/aws/lambda/{name_on_stage(service, function, stage)}"
    for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group, **what):
        yield from page["events"]


def _line(service: str, function: str, event: "FilteredLogEventTypeDef") -> LogLine:
    written_at = datetime.fromtimestamp(event["timestamp"] / 1000, tz=UTC)
    return LogLine(written_at, service, function, event["message"].rstrip())


def _milliseconds(time: datetime) -> int:
    return round(time.timestamp() * 1000)


def _key(function: str, event: "FilteredLogEventTypeDef") -> str:
    """Return a key that identifies an event; the emulator sets no id."""
    parts = (function, event.get("logStreamName", ""), str(event["timestamp"]), event["message"])
    return event.get("eventId") or "|".join(parts)
