"""Time limits, so that a function answers within its own time, whatever it waits for.

The time-outs of an AWS client are for each read of a socket and each attempt: three attempts outlast a
function of six seconds, and a peer that sends one byte a second never times out. So the limit of a block is
kept by the process's own alarm (`signal.setitimer`), and botocore's documented events `before-send` and
`needs-retry` start no attempt once it has passed.
"""

from __future__ import annotations

import signal
import time
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, Any

from service_kit.outages import DependencyUnavailable
from service_kit.startup import at_start

if TYPE_CHECKING:
    from types import FrameType, TracebackType

    from botocore.session import Session

__all__ = ["DeadlineExceeded", "check_deadline", "heed_deadlines", "within"]

_AT_ONCE = 1e-6
# What is raised in a finalizer or a callback of a weak reference is lost, so the alarm rings again.
_AGAIN_SECONDS = 0.2
_state: dict[str, Any] = {"ends_at": None, "call": None, "is_heard": False}


class DeadlineExceeded(DependencyUnavailable):
    """A block did not end in its time; HTTP answers 503."""

    def __init__(self) -> None:
        call = _state["call"]
        super().__init__("no time is left" + (f", the last call was {call}" if call else ""))


class within:  # noqa: N801, used as a block, and quicker than a generator
    """Limit a block to so many seconds, and to what is left of the limit around it.

    Where the main thread waits, or computes, when the time is up, `DeadlineExceeded` is raised. Other threads
    have no alarm: there, no call of AWS begins once the time is up, and one that runs has its own time-outs.

    Args:
        seconds: How long the block may take.
        is_outermost: Whether nothing is around it: an invocation, to which nothing of the last one matters.

    Raises:
        DeadlineExceeded: When the time is up.
    """

    __slots__ = ("_alarm", "_handler", "_is_outermost", "_outer", "_seconds", "_since")

    def __init__(self, seconds: float, *, is_outermost: bool = False) -> None:
        self._seconds = seconds
        self._is_outermost = is_outermost

    def __enter__(self) -> None:
        self._since = time.monotonic()
        if self._is_outermost:
            _state.update(ends_at=None, call=None)
        self._outer: float | None = _state["ends_at"]
        ends_at = self._since + self._seconds
        if self._outer is not None:
            ends_at = min(ends_at, self._outer)
        if ends_at <= self._since:
            raise DeadlineExceeded
        _state["ends_at"] = ends_at
        self._alarm = self._handler = None
        if current_thread() is main_thread():
            if not _state["is_heard"]:
                self._handler = signal.signal(signal.SIGALRM, _ring)
            self._alarm = signal.setitimer(signal.ITIMER_REAL, ends_at - self._since, _AGAIN_SECONDS)

    def __exit__(
        self,
        _: type[BaseException] | None = None,
        __: BaseException | None = None,
        ___: TracebackType | None = None,
    ) -> None:
        # First, so that an alarm of this moment finds no limit that has passed.
        _state["ends_at"] = self._outer
        if self._alarm is None:
            return
        left, interval = self._alarm
        signal.setitimer(signal.ITIMER_REAL, 0)
        if self._handler is not None:
            signal.signal(signal.SIGALRM, self._handler)
        if left:
            # The limit around this one, or whatever else had set the alarm, continues.
            left -= time.monotonic() - self._since
            signal.setitimer(signal.ITIMER_REAL, max(left, _AT_ONCE), interval)


def check_deadline() -> None:
    """Raise when the time of the running block is up.

    Raises:
        DeadlineExceeded: When it is.
    """
    ends_at = _state["ends_at"]
    if ends_at is not None and time.monotonic() >= ends_at:
        raise DeadlineExceeded


def heed_deadlines(session: Session) -> None:
    """Let no client of a session start an attempt once the time is up."""
    session.register("before-send", _before_send)
    session.register("needs-retry", _needs_retry)


def _before_send(event_name: str = "", **_: Any) -> None:
    _state["call"] = event_name.partition(".")[2]
    check_deadline()


def _needs_retry(caught_exception: Exception | None = None, **_: Any) -> None:
    # botocore wraps what the alarm raises in an error that it tries again.
    if caught_exception is not None:
        check_deadline()


def _ring(_signal: int, _frame: FrameType | None) -> None:
    check_deadline()


def _hear_alarms() -> None:
    """Set the alarm's handler for good: Lambda has no other, and setting it costs more than the alarm."""
    signal.signal(signal.SIGALRM, _ring)
    _state["is_heard"] = True


at_start(_hear_alarms)
