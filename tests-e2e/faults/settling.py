"""Waiting until nothing moves any more, with what failed redriven in between."""

import time
from collections.abc import Callable, Sequence

from faults import queues
from faults.redrive import redrive
from support.polling import until
from support.stage import Stage

STILL_SECONDS = 2.0


class Stillness:
    """Tells whether the stage has been still for a while: nothing in its queues, and no Lambda calls AWS.

    A stream's consumer that goes on failing is seen by its calls, since its backlog is in no queue.
    """

    def __init__(self, stage: Stage, work: Sequence[str], calls: Callable[[], int]) -> None:
        self._stage = stage
        self._work = work
        self._calls = calls
        self._last = (-1, -1)
        self._since = time.monotonic()

    def look(self) -> str:
        """Return what is still in progress; empty when nothing changed for `STILL_SECONDS`."""
        waiting = sum(queues.count(self._stage, url) for url in self._work)
        now = (waiting, self._calls())
        if now != self._last or waiting:
            self._last, self._since = now, time.monotonic()
        still = time.monotonic() - self._since
        return (
            "" if still >= STILL_SECONDS else f"{waiting} messages, {now[1]} calls, still for {still:.1f} s"
        )


def settle(stage: Stage, work: Sequence[str], calls: Callable[[], int], *, within_seconds: float) -> int:
    """Wait until nothing moves and no dead letter is left; gives how many of those were redriven.

    Raises:
        AssertionError: it did not come to rest in time.
        faults.redrive.RedriveError: a dead letter stayed where it was.
    """
    deadline = time.monotonic() + within_seconds
    redriven = 0
    while True:
        stillness = Stillness(stage, work, calls)
        until(
            stillness.look,
            lambda moving: not moving,
            within_seconds=max(0.0, deadline - time.monotonic()),
            what="the stage at rest",
        )
        moved = redrive(stage)
        if not moved:
            return redriven
        redriven += moved
