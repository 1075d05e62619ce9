"""What becomes of orders while one route of another service gets many times what it lets through."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from load.answers import Answers, connect, order, post

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from http.client import HTTPConnection

    from steps.given import User

    Send = Callable[[HTTPConnection, str, str, Answers], HTTPConnection]

ORDERS_PER_SECOND = 6
SEARCHERS = 8
"""Threads that search: few, since they compete with the stage for this machine's processors."""

A_THEME = {"theme": "cartoon"}


@dataclass(frozen=True)
class Flood:
    """What was answered.

    Attributes:
        quiet: To orders before the flood.
        during: To orders during the flood.
        searches: To the searches of the flood.
        lasted_seconds: How long the flood was sent.
    """

    quiet: Answers
    during: Answers
    searches: Answers
    lasted_seconds: float


def measure(
    orders_url: str,
    restaurants_url: str,
    people: Sequence[User],
    *,
    searches_per_second: float,
    seconds: float,
) -> Flood:
    """Order at an even pace, first in quiet and then during a flood of searches.

    Args:
        orders_url: Root URL of the service `orders`.
        restaurants_url: Root URL of the service `restaurants`.
        people: Who orders, in turn, so that none of them exceeds a customer's limit. The first one searches.
        searches_per_second: How many searches are sent; none waits for the answer to those of other threads.
        seconds: How long each half lasts.
    """
    tokens = [one.id_token for one in people]

    def ordering() -> Answers:
        return _at_pace(order, orders_url, tokens, rate=ORDERS_PER_SECOND, seconds=seconds)

    quiet = ordering()
    with ThreadPoolExecutor(SEARCHERS) as pool:
        since = time.monotonic()
        floods = [
            pool.submit(
                _at_pace,
                _search,
                restaurants_url,
                tokens[:1],
                rate=searches_per_second / SEARCHERS,
                seconds=seconds,
            )
            for _ in range(SEARCHERS)
        ]
        during = ordering()
        searches = Answers()
        for one in (flood.result() for flood in floods):
            searches.statuses += one.statuses
            searches.without_pause += one.without_pause
        lasted_seconds = time.monotonic() - since
    return Flood(quiet, during, searches, lasted_seconds)


def _search(connection: HTTPConnection, url: str, token: str, answers: Answers) -> HTTPConnection:
    return post(connection, f"{url}/restaurants/search", token, A_THEME, answers)


def _at_pace(send: Send, url: str, tokens: Sequence[str], *, rate: float, seconds: float) -> Answers:
    """Send requests at a rate, and those that are late after a slow answer at once, up to twice the time."""
    answers, connection, beat = Answers(), connect(url), threading.Event()
    since = time.monotonic()
    for number in range(round(rate * seconds)):
        beat.wait(max(0.0, since + number / rate - time.monotonic()))
        if time.monotonic() - since > 2 * seconds:
            break
        connection = send(connection, url, tokens[number % len(tokens)], answers)
    connection.close()
    return answers
