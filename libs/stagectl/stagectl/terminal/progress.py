"""Show work on several stacks at once: a live table on a terminal, plain lines elsewhere.

Elsewhere, what is still running is said every ten seconds, except in CI, whose logs have times of their own.
"""

import os
import threading
import time
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from rich.live import Live
from rich.table import Table
from rich.text import Text

from stagectl.terminal import console

_REFRESH_PER_SECOND = 8
_SECONDS_BETWEEN_LINES = 10.0
_STYLES = {"failed": "red", "interrupted": "yellow", "unchanged": "dim", "not there": "dim"}


class Progress:
    """Shows the stacks of one command with their outcomes and times; safe to call from several threads.

    Args:
        names: All the stacks, in the order shown.
        verb: What is done to them, such as `deploying`.
    """

    def __init__(self, names: Iterable[str], verb: str) -> None:
        self._verb = verb
        self._guard = threading.Lock()
        self._started: dict[str, float] = {}
        self._ended: dict[str, tuple[str, float]] = {}
        self._names = list(names)
        self._width = max(map(len, self._names), default=0)
        self._is_over = threading.Event()
        self._live = (
            Live(console=console.err, get_renderable=self._table, refresh_per_second=_REFRESH_PER_SECOND)
            if console.err.is_terminal
            else None
        )

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
        elif not os.environ.get("CI"):
            threading.Thread(target=self._say_what_runs, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._is_over.set()
        if self._live:
            self._live.stop()

    def started(self, name: str) -> None:
        """Note that work on a stack begins."""
        with self._guard:
            self._started[name] = time.monotonic()

    def ended(self, name: str, outcome: str) -> float:
        """Note how work on a stack ended; returns how long it took, in seconds."""
        with self._guard:
            seconds = time.monotonic() - self._started[name]
            self._ended[name] = (outcome, seconds)
            count = f"{len(self._ended)} of {len(self._names)}"
        if not self._live:
            console.say(f"  {name:<{self._width}}  {outcome}  {seconds:.1f} s  ({count})")
        return seconds

    def _say_what_runs(self) -> None:
        while not self._is_over.wait(_SECONDS_BETWEEN_LINES):
            if text := self._running():
                console.say(f"  {self._verb} {text}")

    def _running(self) -> str:
        """Return what is being worked on, since when, and what waits."""
        with self._guard:
            now = time.monotonic()
            running = [
                f"{name} {now - since:.0f} s"
                for name, since in self._started.items()
                if name not in self._ended
            ]
            waiting = [name for name in self._names if name not in self._started]
        return ", ".join(running) + (f"; then {', '.join(waiting)}" if running and waiting else "")

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2))
        with self._guard:
            for name in self._names:
                if name in self._ended:
                    outcome, seconds = self._ended[name]
                    cells = Text(outcome, style=_STYLES.get(outcome, "green")), f"{seconds:.1f} s"
                elif name in self._started:
                    seconds = time.monotonic() - self._started[name]
                    cells = Text(self._verb), f"{seconds:.0f} s"
                else:
                    cells = Text("waiting", style="dim"), ""
                table.add_row(f"  {name}", *cells)
        return table
