"""Poll until a deadline instead of sleeping for a fixed time."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

INTERVAL_SECONDS = 0.1


def until(
    look: Callable[[], T],
    is_it: Callable[[T], bool],
    *,
    within_seconds: float,
    what: str,
    every_seconds: float = INTERVAL_SECONDS,
) -> T:
    """Poll until there is a result, and return it.

    Raises:
        AssertionError: the deadline passed; the message holds the last result.
    """
    deadline = time.monotonic() + within_seconds
    while not is_it(seen := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {within_seconds} s; last result: {seen!r}")
        time.sleep(every_seconds)
    return seen
