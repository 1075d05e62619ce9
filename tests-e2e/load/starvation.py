"""What becomes of a customer's orders while another one floods the stage with theirs."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from steps.given import A_RESTAURANT

if TYPE_CHECKING:
    from steps.given import User

ANSWER_SECONDS = 30


@dataclass
class Answers:
    """What one customer's orders were answered with.

    Attributes:
        statuses: How many answers had which status; 0 is no answer.
        seconds: How long each answer took.
        without_pause: How many refusals did not say when to come back.
    """

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    without_pause: int = 0

    @property
    def placed(self) -> int:
        """How many orders were placed."""
        return self.statuses[200]


@dataclass(frozen=True)
class Starvation:
    """What came of it.

    Attributes:
        flood: To the customer who sends as many orders as the connections carry.
        other: To the customer who orders now and then.
        lasted_seconds: How long it was until the last answer.
    """

    flood: Answers
    other: Answers
    lasted_seconds: float


def measure(
    url: str, flooding: User, other: User, *, connections: int, orders: int, seconds: float
) -> Starvation:
    """Let one customer flood, and another order now and then, for so many seconds.

    Args:
        url: Root URL of the service `orders`.
        flooding: Who sends an order after the other on each connection, whatever the answer.
        other: Who orders now and then.
        connections: How many connections the flood has.
        orders: How many orders the other customer places, evenly over the time.
        seconds: How long it lasts.
    """
    since = time.monotonic()
    ends_at = since + seconds
    floods = [Answers() for _ in range(connections)]
    with ThreadPoolExecutor(connections) as pool:
        for answers in floods:
            pool.submit(_flood, url, flooding.id_token, answers, ends_at)
        others = _order_now_and_then(url, other.id_token, orders, seconds / orders)
    flood = Answers()
    for answers in floods:
        flood.statuses += answers.statuses
        flood.seconds += answers.seconds
        flood.without_pause += answers.without_pause
    return Starvation(flood, others, time.monotonic() - since)


def _flood(url: str, token: str, answers: Answers, ends_at: float) -> None:
    connection = _connect(url)
    while time.monotonic() < ends_at:
        connection = _order(connection, url, token, answers)
    connection.close()


def _order_now_and_then(url: str, token: str, orders: int, pause_seconds: float) -> Answers:
    answers, connection, beat = Answers(), _connect(url), threading.Event()
    for _ in range(orders):
        since = time.monotonic()
        connection = _order(connection, url, token, answers)
        beat.wait(max(0.0, pause_seconds - (time.monotonic() - since)))
    connection.close()
    return answers


def _connect(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return kind(parts.netloc, timeout=ANSWER_SECONDS)


def _order(
    connection: http.client.HTTPConnection, url: str, token: str, answers: Answers
) -> http.client.HTTPConnection:
    """Place an order; returns the connection for the next one."""
    since = time.monotonic()
    body = json.dumps({"restaurantName": A_RESTAURANT})
    headers = {"authorization": token, "content-type": "application/json"}
    try:
        connection.request("POST", f"{urlsplit(url).path}/orders", body, headers)
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        answers.statuses[0] += 1
        connection.close()
        return _connect(url)
    answers.statuses[answer.status] += 1
    answers.seconds.append(time.monotonic() - since)
    if answer.status in {429, 503} and answer.headers.get("retry-after") is None:
        answers.without_pause += 1
    return connection
