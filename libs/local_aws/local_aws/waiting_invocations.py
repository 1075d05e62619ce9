"""Lets invocations wait in a row for one of few workers, where AWS would start any number of environments.

AWS starts a thousand environments and none slows another down. On one machine forty that start at once take
all processors for seconds, and MiniStack refuses all invocations meanwhile, of any function. So each function
has a few workers, and who comes first is served first.
"""

import os
import threading
from collections import deque
from collections.abc import Callable
from functools import wraps
from typing import Any

from ministack.services import lambda_svc

__all__ = ["FairRow", "install"]

Execute = Callable[..., dict[str, Any]]

# One waits for another service while the others compute; more only take processors from each other.
WORKERS = max(3, min(16, os.cpu_count() or 1))
# A function that waits for itself would wait for ever.
PATIENCE_SECONDS = 20.0


class FairRow:
    """Admits so many at once, in the order in which they came.

    Args:
        places: How many.
    """

    def __init__(self, places: int) -> None:
        self._free = places
        self._row: deque[threading.Event] = deque()
        self._lock = threading.Lock()

    def enter(self, patience_seconds: float) -> bool:
        """Wait for a place; False when there was none in time."""
        turn = threading.Event()
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            self._row.append(turn)
        if turn.wait(patience_seconds):
            return True
        with self._lock:
            if turn.is_set():
                return True
            self._row.remove(turn)
            return False

    def leave(self) -> None:
        """Hand the place over to who has waited the longest."""
        with self._lock:
            if self._row:
                self._row.popleft().set()
            else:
                self._free += 1


def in_a_row(execute: Execute) -> Execute:
    """Make the invocations of each version of a function wait for a place."""
    rows: dict[tuple[str, str], FairRow] = {}
    lock = threading.Lock()

    @wraps(execute)
    def operation(func: dict[str, Any], *arguments: Any, **further: Any) -> dict[str, Any]:
        config = func.get("config") or func
        key = (str(config.get("FunctionArn")), str(config.get("Version", "$LATEST")))
        with lock:
            row = rows.setdefault(key, FairRow(WORKERS))
        entered = row.enter(PATIENCE_SECONDS)
        try:
            return execute(func, *arguments, **further)
        finally:
            if entered:
                row.leave()

    return operation


def install() -> None:
    """Make MiniStack's warm workers do it."""
    lambda_svc._execute_function_warm = in_a_row(lambda_svc._execute_function_warm)
