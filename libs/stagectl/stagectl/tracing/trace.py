"""Collect the story of an order or a request from everything that a stage says of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from stagectl import aws
from stagectl.errors import StagectlError
from stagectl.recovery import dead_letters, messages
from stagectl.recovery.dead_letters import DeadLetterQueue, Queue
from stagectl.recovery.failure_reasons import FailureReasons
from stagectl.recovery.message_report import report
from stagectl.stacks.stage import Stage
from stagectl.stages.orders import Orders
from stagectl.terminal.json_document import shown_time
from stagectl.tracing import hops
from stagectl.tracing.hops import Hop
from stagectl.tracing.log_search import MOST_LINES, Found, Line, search

if TYPE_CHECKING:
    from mypy_boto3_sqs.literals import QueueAttributeNameType

BEFORE_ORDER = timedelta(minutes=1)
AFTER_ORDER = timedelta(hours=1)
"""How long after an order's last known time its log lines are looked for: retries take half an hour."""

_COUNTS: "Mapping[QueueAttributeNameType, str]" = {
    "ApproximateNumberOfMessages": "waiting",
    "ApproximateNumberOfMessagesNotVisible": "in flight",
    "ApproximateNumberOfMessagesDelayed": "delayed",
}
_T = TypeVar("_T")


@dataclass(frozen=True)
class Window:
    """The times between which log lines are looked for."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class DeadLetter:
    """A message in a dead-letter queue.

    Attributes:
        queue: Name of the dead-letter queue.
        message: What `stagectl dlq peek` shows of it.
    """

    queue: str
    message: Mapping[str, Any]


@dataclass(frozen=True)
class Trace:
    """What is known of an order or a request.

    Attributes:
        order: The order as its service shows it, with its correlation id; None when there is none.
        correlation_ids: The one that was asked for or is the order's, then those of requests that named the
            order.
        window: When log lines were looked for.
        lines: The log lines, by time.
        dead: Messages about it in dead-letter queues.
        missing: What should have happened and did not, one sentence each.
        not_read: What could not be read, and why.
    """

    order: Mapping[str, Any] | None
    correlation_ids: Sequence[str]
    window: Window
    lines: Sequence[Line] = ()
    dead: Sequence[DeadLetter] = ()
    missing: Sequence[str] = ()
    not_read: Sequence[str] = field(default_factory=list)


def trace(
    stage: Stage,
    orders: Orders,
    subject: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    otherwise_since: timedelta = timedelta(days=1),
) -> Trace:
    """Return what a stage knows of an order or a request; the stage's target must have been entered.

    Args:
        stage: The stage.
        orders: Its orders.
        subject: An order's id, or a correlation id.
        since: Time of the first log line; by default before the order was placed.
        until: Time of the last log line; by default an hour after the order's last change.
        otherwise_since: How far back to begin for a correlation id.

    Raises:
        StagectlError: There is neither an order nor a log line of that id.
    """
    now = datetime.now(UTC)
    not_read: list[str] = []
    order = _try(not_read, "the order", lambda: orders.show(subject))
    window = _window(order, now, since, until, otherwise_since)
    found = _search(not_read, stage, order, subject, window)
    named = {str(line.entry["order_id"]) for line in found.lines if line.entry.get("order_id")}
    if order is None and len(named) == 1:
        # A request's correlation id, which leads to its order.
        order = _try(not_read, "the order", lambda: orders.show(next(iter(named))))
        if order is not None:
            window = _window(order, now, since, until, otherwise_since)
            found = _search(not_read, stage, order, subject, window)
    if order is None and not found.lines:
        raise StagectlError(_nothing(stage, subject, window, not_read))
    ids = dict.fromkeys([order["correlationId"] if order else subject, *_correlation_ids(found)])
    about = {*ids, *([order["orderId"]] if order else [])}
    queues = _try(not_read, "queues", lambda: dead_letters.of_stage(stage.name, stage.stacks.values())) or []
    dead = _try(not_read, "dead-letter queues", lambda: list(_dead(queues, about, not_read))) or []
    not_read += [f"{name}: more than {MOST_LINES} lines" for name in sorted(found.shortened)]
    return Trace(
        order,
        list(ids),
        window,
        found.lines,
        dead,
        list(_missing(stage, order, found, queues, dead)),
        not_read,
    )


def _try(not_read: list[str], what: str, read: Callable[[], _T]) -> _T | None:
    """Read something, or note why it cannot be read: whoever traces may be allowed a part only."""
    from botocore.exceptions import ClientError  # noqa: PLC0415

    try:
        return read()
    except (ClientError, StagectlError) as error:
        reason = f"{what}: {error}"
        if reason not in not_read:
            not_read.append(reason)
        return None


def _window(
    order: Mapping[str, Any] | None,
    now: datetime,
    since: datetime | None,
    until: datetime | None,
    otherwise_since: timedelta,
) -> Window:
    if order is None:
        return Window(since or now - otherwise_since, until or now)
    times = [change["at"] for change in order["history"]]
    times += [order[name] for name in ("placedAt", "answerBy") if order.get(name)]
    known = sorted(map(datetime.fromisoformat, times))
    return Window(since or known[0] - BEFORE_ORDER, until or min(now, known[-1] + AFTER_ORDER))


def _search(
    not_read: list[str], stage: Stage, order: Mapping[str, Any] | None, subject: str, window: Window
) -> Found:
    ids = {subject} if order is None else {str(order["correlationId"]), subject} - {str(order["orderId"])}
    order_id = None if order is None else str(order["orderId"])
    # An order from before correlation ids has its own id as such.
    ids |= {order_id} if order_id and order and order["correlationId"] == order_id else set()
    found = _try(
        not_read,
        "logs",
        lambda: search(stage, order_id, ids, since=window.since, until=window.until),
    )
    return found or Found([], frozenset(), frozenset())


def _correlation_ids(found: Found) -> Iterator[str]:
    for line in found.lines:
        correlation_id = line.entry.get("correlation_id")
        if correlation_id and correlation_id != line.entry.get("function_request_id"):
            yield str(correlation_id)


def _dead(
    queues: Sequence[DeadLetterQueue], about: AbstractSet[str], not_read: list[str]
) -> Iterator[DeadLetter]:
    sqs, reasons = aws.session().client("sqs"), FailureReasons.of_entered_target()
    for queue in queues:
        if not queue.messages:
            continue
        with messages.borrowed(sqs, queue.url, at_most=messages.MOST_LOOKED_AT) as borrowed:
            own = [message for message in borrowed if any(one in message.body for one in about)]
        if queue.messages > messages.MOST_LOOKED_AT:
            not_read.append(f"{queue.name}: more than {messages.MOST_LOOKED_AT} messages")
        for message in report(queue, own, reasons):
            yield DeadLetter(queue.name, message)


def _missing(
    stage: Stage,
    order: Mapping[str, Any] | None,
    found: Found,
    queues: Sequence[DeadLetterQueue],
    dead: Sequence[DeadLetter],
) -> Iterator[str]:
    if order is not None:
        if not found.lines:
            yield (
                "There is no log line of it. Either logs of that time have expired (logRetentionDays), or "
                "the functions log errors only (logLevel)."
            )
            return
        if order["state"] == "placed":
            yield "The restaurant was not notified: the order is still “placed”."
        for event in hops.unpublished(order, found):
            yield f"No line says that {event} was published. See unpublished-orders-dlq, or wait for a retry."
    queue_of = {source.name: source for queue in queues for source in queue.sources}
    dead_in = {one.queue for one in dead}
    for hop in hops.hops(stage.stacks, found):
        if not hop.is_done:
            name = f"{hop.service}-{stage.name}-{hop.queue}"
            where = _where(hop, order, queue_of.get(name), is_dead=f"{name}-dlq" in dead_in)
            yield f"{hop.service}/{hop.consumer} has not handled {hop.detail_type}: {where}"


def _where(hop: Hop, order: Mapping[str, Any] | None, queue: Queue | None, *, is_dead: bool) -> str:
    if is_dead:
        return f"its message is in {hop.queue}-dlq. To redrive it: stagectl dlq redrive {hop.queue}-dlq"
    if hop.error is not None:
        return f"attempt {hop.attempts} failed, and the next follows within five minutes."
    if hop.is_delayed and order is not None and order.get("answerBy"):
        return f"its message is held back until {order['answerBy']}."
    if queue is None:
        return "no line says so."
    # Which messages these are is not known: to receive them would count as an attempt.
    held = aws.session().client("sqs").get_queue_attributes(QueueUrl=queue.url, AttributeNames=["All"])
    counts = ", ".join(f"{held['Attributes'][name]} {state}" for name, state in _COUNTS.items())
    return f"{queue.name} holds messages: {counts}."


def _nothing(stage: Stage, subject: str, window: Window, not_read: Sequence[str]) -> str:
    text = (
        f"Stage {stage.name} has no order {subject}, and no log line of such a correlation id between "
        f"{shown_time(window.since, timespec='seconds')} and {shown_time(window.until, timespec='seconds')}. "
        "To look further back: --from 7d."
    )
    return "\n".join([text, *(f"Could not read {reason}" for reason in not_read)])
