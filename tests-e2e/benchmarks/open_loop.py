"""Orders that come at a fixed rate, whether or not earlier ones were answered."""

import statistics
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpx

from benchmarks.call_record import CallRecord
from benchmarks.order_life import notified_order
from drivers.exchange import Driver
from steps import given
from steps.shop import catalogue, then, when

FEWEST, MOST = 60, 500
SECONDS = 20
SIMULTANEOUS = 64
NOTIFICATION_SECONDS = 120
LOOK_SECONDS = 2
OVERLAP_SECONDS = 2
NO_ANSWER = "none"
# A stage that is done later than this after the last order was due cannot take the rate.
BEHIND_SECONDS = 2


@dataclass(frozen=True)
class Sent:
    """One request: when it was due, sent and answered (seconds since 1970), and what the answer was."""

    due_at: float
    sent_at: float
    answered_at: float
    status: str
    order_id: str | None


def time_to_notified(
    driver: Driver, record: CallRecord, users: Sequence[given.User], rate_per_second: int
) -> dict[str, Any]:
    """Place orders of customers in turn at a rate, and return their outcomes.

    The time to notified is from the answer's arrival at the client until the call that writes `notified`
    arrives at DynamoDB. Both are read from the clock of this machine, and no order is polled.
    """
    count = max(FEWEST, min(MOST, rate_per_second * SECONDS))
    since = time.time()
    sent = _send(driver, users, rate_per_second, count)
    accepted = {one.order_id: one for one in sent if one.order_id is not None}
    notified = _notified(record, since, set(accepted))
    waited = [max(0.0, at - accepted[order_id].answered_at) for order_id, at in notified.items()]
    first_at = min(one.due_at for one in sent)
    seconds = max(notified.values(), default=first_at) - first_at
    return {
        "ordersPerSecond": rate_per_second,
        "sent": len(sent),
        "answered": dict(Counter(one.status for one in sent)),
        "notified": len(notified),
        "notifiedPerSecond": round(len(notified) / seconds, 1) if notified else 0,
        "keepsUp": len(notified) == len(sent) and seconds <= count / rate_per_second + BEHIND_SECONDS,
        "answerMilliseconds": _percentiles([one.answered_at - one.sent_at for one in accepted.values()]),
        "notifiedAfterMilliseconds": _percentiles(waited),
        "latestStartMilliseconds": round(max(one.sent_at - one.due_at for one in sent) * 1000),
    }


def _send(driver: Driver, users: Sequence[given.User], rate_per_second: int, count: int) -> list[Sent]:
    start = time.time() + 0.5
    with ThreadPoolExecutor(SIMULTANEOUS) as pool:
        pending = []
        for number in range(count):
            due_at = start + number / rate_per_second
            time.sleep(max(0, due_at - time.time()))
            pending.append(pool.submit(_order, driver, users[number % len(users)], due_at))
        return [one.result() for one in pending]


def _order(driver: Driver, user: given.User, due_at: float) -> Sent:
    sent_at = time.time()
    try:
        answer = when.a_customer_orders_from(
            driver, user, catalogue.A_RESTAURANT, idempotency_key=str(uuid.uuid4())
        )
    except httpx.HTTPError:
        return Sent(due_at, sent_at, time.time(), NO_ANSWER, None)
    answered_at = time.time()
    order_id = then.an_order_is_placed(answer) if answer.status == HTTPStatus.OK else None
    return Sent(due_at, sent_at, answered_at, str(answer.status), order_id)


def _notified(record: CallRecord, since: float, wanted: set[str]) -> dict[str, float]:
    """Return when each order was notified, of those that were before the deadline."""
    found: dict[str, float] = {}
    deadline = time.monotonic() + NOTIFICATION_SECONDS
    while True:
        looked_at = time.time()
        for call in record.since(since, action="UpdateItem"):
            order_id = notified_order(call)
            if order_id in wanted:
                found.setdefault(order_id, call.at)
        if wanted <= found.keys() or time.monotonic() > deadline:
            return found
        since = looked_at - OVERLAP_SECONDS
        time.sleep(LOOK_SECONDS)


def _percentiles(seconds: Sequence[float]) -> dict[str, float]:
    if len(seconds) < 2:
        return {}
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return {
        "median": round(cuts[49] * 1000),
        "p99": round(cuts[98] * 1000),
        "most": round(max(seconds) * 1000),
    }
