"""Find the log lines of one order or request among those of all functions of a stage."""

import json
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from stagectl import aws
from stagectl.stacks.stage import Stage
from stagectl.stages import function_logs

MOST_LINES = 1_000
"""How many lines of one function are read for one search."""

# CloudWatch takes patterns of at most 1,024 characters. An id has at most 128.
_IDS_IN_PATTERN = 7
# CloudWatch allows some ten of these calls a second; what it refuses is asked again.
_THREADS = 8
_FAILURES_OF_LAMBDA = ("Task timed out", "Runtime exited", "Status: timeout", "Status: error")


@dataclass(frozen=True)
class Line:
    """One line of a function's log.

    Attributes:
        at: When it was written.
        service: The function's service.
        function: The function's key in serverless.yml.
        text: The line, unchanged.
        entry: The document in it; empty for a line that Lambda wrote.
    """

    at: datetime
    service: str
    function: str
    text: str
    entry: Mapping[str, Any]

    @property
    def is_error(self) -> bool:
        """Whether it reports a failure."""
        return not self.entry or self.entry.get("level") in {"ERROR", "CRITICAL"}


@dataclass(frozen=True)
class Found:
    """The lines that a search found, by time.

    Attributes:
        lines: The lines.
        absent: Functions, as `service/function`, that have no log on this stage.
        shortened: Functions of which only the first `MOST_LINES` lines were read.
    """

    lines: Sequence[Line]
    absent: AbstractSet[str]
    shortened: AbstractSet[str]


def search(
    stage: Stage, order_id: str | None, ids: AbstractSet[str], *, since: datetime, until: datetime
) -> Found:
    """Return the lines of an order or of requests; the stage's target must have been entered.

    A second search adds the requests that name the order under a correlation id of their own, and what says
    of a whole invocation, such as that it timed out.

    Args:
        stage: The stage.
        order_id: The order, if there is one.
        ids: Correlation ids.
        since: Time of the first line.
        until: Time of the last line.
    """
    asked = ids | ({order_id} if order_id else set())
    first = _read(stage, asked, since, until)
    own = [line for line in first.lines if _is_of(line, order_id, ids)]
    of_changes = {str(line.entry["correlation_id"]) for line in own if line.entry.get("correlation_id")} - ids
    invocations = {str(line.entry.get("function_request_id")) for line in own} - {"None"}
    second = _read(stage, (of_changes | invocations) - asked, since, until)
    lines = {
        (line.at, line.service, line.function, line.text): line
        for line in (*first.lines, *second.lines)
        if _is_of(line, order_id, ids | of_changes) or _is_of_invocation(line, invocations)
    }
    return Found(
        sorted(lines.values(), key=lambda line: line.at), first.absent, first.shortened | second.shortened
    )


def _is_of(line: Line, order_id: str | None, ids: AbstractSet[str]) -> bool:
    entry = line.entry
    return (
        entry.get("correlation_id") in ids
        # API Gateway's, which a problem names and an access log.
        or entry.get("request_id") in ids
        or (order_id is not None and entry.get("order_id") == order_id)
    )


def _is_of_invocation(line: Line, invocations: AbstractSet[str]) -> bool:
    """Return whether a line says something of one of these invocations as a whole."""
    if line.entry:
        request = line.entry.get("function_request_id")
        return request in invocations and line.entry.get("correlation_id") == request
    is_failure = any(said in line.text for said in _FAILURES_OF_LAMBDA)
    return is_failure and any(invocation in line.text for invocation in invocations)


def _read(stage: Stage, ids: AbstractSet[str], since: datetime, until: datetime) -> Found:
    functions = [(stack.name, function) for stack in stage.stacks.values() for function in stack.functions]
    terms = [f'?"{one}"' for one in sorted(ids)]
    patterns = [
        " ".join(terms[start : start + _IDS_IN_PATTERN]) for start in range(0, len(terms), _IDS_IN_PATTERN)
    ]
    logs = aws.session().client("logs")
    absent, shortened = set(), set()
    lines: list[Line] = []

    def read(function: tuple[str, str]) -> list[Line] | None:
        found: list[Line] = []
        for pattern in patterns:
            read = function_logs.find(
                logs, *function, stage.name, since=since, until=until, pattern=pattern, at_most=MOST_LINES
            )
            if read is None:
                return None
            found += _lines(*function, read)
        return found

    with ThreadPoolExecutor(_THREADS) as pool:
        for (service, function), found in zip(functions, pool.map(read, functions), strict=True):
            name = f"{service}/{function}"
            if found is None:
                absent.add(name)
                continue
            if len(found) >= MOST_LINES:
                shortened.add(name)
            lines += found
    return Found(lines, absent, shortened)


def _lines(service: str, function: str, read: Sequence[function_logs.LogLine]) -> Iterator[Line]:
    for one in read:
        try:
            entry = json.loads(one.text)
        except ValueError:
            entry = {}
        if not isinstance(entry, dict) or "_aws" in entry:
            continue  # a metric
        try:
            # Lambda may deliver several lines with one time.
            at = datetime.fromisoformat(entry["timestamp"])
        except (KeyError, TypeError, ValueError):
            at = one.written_at
        yield Line(at, service, function, one.text, entry)
