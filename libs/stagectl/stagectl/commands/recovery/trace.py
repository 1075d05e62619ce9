"""Print the story of an order or a request."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from stagectl.checkout import Checkout
from stagectl.commands.options import AsJson, OnEmulator, StageName
from stagectl.recovery.message_content import hide_secrets
from stagectl.stages import lifecycle
from stagectl.stages.orders import Orders
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document
from stagectl.terminal.durations import parse_time
from stagectl.terminal.json_document import shown_clock, shown_time
from stagectl.tracing.log_search import Line
from stagectl.tracing.trace import Trace
from stagectl.tracing.trace import trace as collect

# What stands elsewhere in the line, or is the same in all.
_NO_DETAILS = frozenset(
    {
        "cold_start",
        "correlation_id",
        "exception",
        "function",
        "function_request_id",
        "level",
        "location",
        "message",
        "message_id",
        "order_id",
        "request_id",
        "sampling_rate",
        "service",
        "stage",
        "timestamp",
        "xray_trace_id",
    }
)
_FIRST_ATTEMPT = ("attempt", 1)
# By what it is sorted, its time, where it happened, and what.
_Entry = tuple[datetime, datetime, str, str]


def trace(
    subject: Annotated[
        str,
        typer.Argument(metavar="ID", help="Id of an order, correlation id, or requestId of an answer."),
    ],
    *,
    stage: StageName = LOCAL_STAGE,
    since: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="T",
            help="Time of the first log line: an age such as 2h or 7d, or an ISO time.  "
            "\\[default: when the order was placed; 1d for a correlation id]",
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="T",
            help="Time of the last log line, in the same form.  "
            "\\[default: an hour after the order's last change]",
        ),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Print lines of level DEBUG too.")] = False,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Print the story of a request or an order by time: log lines, states, what failed and what is missing.

    A correlation id leads to its order, if there is one. Dead-letter queues are looked through as by
    `stagectl dlq peek`; queues of consumers are only counted.

    For example:

        stagectl trace 0b8f7a52-3f2c-5d0e-9c39-4d5e1f6a7b8c

        stagectl trace 5a1d0c3e-7b42-4f6d-9e21-8c4b7a90d3f5 --stage dev --from 7d
    """
    now = datetime.now(tz=UTC)
    checkout = Checkout.here()
    resolved = lifecycle.find(checkout, stage, use_emulator=emulator)
    lifecycle.enter_deployed(resolved)
    found = collect(
        resolved,
        Orders(checkout, resolved),
        subject,
        since=None if since is None else parse_time(since, now=now),
        until=None if until is None else parse_time(until, now=now),
    )
    if as_json:
        console.result(json_document.text(_document(resolved.name, found)))
        return
    if not debug:
        found = replace(found, lines=[line for line in found.lines if line.entry.get("level") != "DEBUG"])
    for line in _text(resolved.name, found):
        console.result(line)


def _text(stage: str, found: Trace) -> Iterator[str]:
    order, (first, *others) = found.order, found.correlation_ids
    if order is not None:
        yield f"Order {order['orderId']} at {order['restaurantName']}, {order['state']}, stage {stage}"
    yield f"Correlation id {first}" + (f"; also {', '.join(others)}" if others else "")
    yield f"Log lines from {_exact(found.window.since)} to {_exact(found.window.until)}."
    entries = sorted([*_states(found), *map(_shown, found.lines)])
    began, day = min((at for _, at, *_ in entries), default=None), None
    for _, at, source, said in entries:
        if at.date() != day:
            day = at.date()
            yield f"\n{day}"
        yield f"{shown_clock(at, timespec='milliseconds')} {_after(at, began)} {source:<38} {said}"
    if found.dead:
        yield "\nIn dead-letter queues"
        for one in found.dead:
            message = one.message
            yield (
                f"  {one.queue}: {message['kind']} {message['id']}, sent {_exact(message['sentAt'])}, "
                f"received {message['receiveCount']} times: {message['reason'] or 'reason not known'}"
            )
    if found.missing:
        yield "\nMissing"
        yield from (f"  {one}" for one in found.missing)
    if found.not_read:
        yield "\nNot read"
        yield from (f"  {hide_secrets(one)}" for one in found.not_read)


def _states(found: Trace) -> Iterator[_Entry]:
    upper = datetime.max.replace(tzinfo=UTC)
    for change in reversed((found.order or {}).get("history", [])):
        at = datetime.fromisoformat(change["at"]).astimezone(UTC)
        # The time of an event is that of its second.
        upper = min(upper, at if at.microsecond else at + timedelta(microseconds=999_999))
        yield upper, at, "the order", f"is {change['state']}"


def _shown(line: Line) -> _Entry:
    entry = line.entry
    said = str(entry.get("message", line.text)) if entry else line.text
    level = "" if entry.get("level", "INFO") == "INFO" and entry else f"{entry.get('level', 'LAMBDA')} "
    details = " ".join(
        f"{name}={value}"
        for name, value in entry.items()
        if name not in _NO_DETAILS and (name, value) != _FIRST_ATTEMPT
    )
    cold = " (cold start)" if entry.get("cold_start") else ""
    at, source = line.at.astimezone(UTC), f"{line.service}/{line.function}"
    return at, at, source, hide_secrets(f"{level}{said} {details}".rstrip()) + cold


def _after(at: datetime, began: datetime | None) -> str:
    seconds = (at - (began or at)).total_seconds()
    return f"+{seconds:>7.3f} s" if seconds < 10_000 else f"+{seconds:>7.0f} s"  # noqa: PLR2004, what fits


def _exact(moment: datetime) -> str:
    return shown_time(moment, timespec="seconds")


def _document(stage: str, found: Trace) -> Mapping[str, Any]:
    return {
        "stage": stage,
        "order": found.order,
        "correlationIds": found.correlation_ids,
        "from": found.window.since,
        "to": found.window.until,
        "lines": [
            {
                "at": json_document.iso_time(line.at, timespec="milliseconds"),
                "service": line.service,
                "function": line.function,
                "isError": line.is_error,
                "entry": line.entry or {"message": line.text},
            }
            for line in found.lines
        ],
        "deadLetters": found.dead,
        "missing": found.missing,
        "notRead": found.not_read,
    }
