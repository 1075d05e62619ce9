"""What becomes of a customer's orders while another one floods the stage with theirs."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from load.answers import Answers, connect, order

if TYPE_CHECKING:
    from steps.given import User


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
    connection = connect(url)
    while time.monotonic() < ends_at:
        connection = order(connection, url, token, answers)
    connection.close()


def _order_now_and_then(url: str, token: str, orders: int, pause_seconds: float) -> Answers:
    answers, connection, beat = Answers(), connect(url), threading.Event()
    for _ in range(orders):
        since = time.monotonic()
        connection = order(connection, url, token, answers)
        beat.wait(max(0.0, pause_seconds - (time.monotonic() - since)))
    connection.close()
    return answers
