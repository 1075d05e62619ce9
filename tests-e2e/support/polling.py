"""Waiting for what happens soon: by looking again until a deadline, never by sleeping and hoping."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

INTERVAL_SECONDS = 0.1


def until(look: Callable[[], T], is_it: Callable[[T], bool], *, within_seconds: float, what: str) -> T:
    """Look until it is there and give what was seen.

    Raises:
        AssertionError: it was not there before the deadline; tells what was seen last.
    """
    deadline = time.monotonic() + within_seconds
    while not is_it(seen := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {within_seconds} s; seen last: {seen!r}")
        time.sleep(INTERVAL_SECONDS)
    return seen
