"""Rounds of starts, and their medians."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from benchmarks.cold_start.start import Start


class Startable(Protocol):
    """What can be started again and again: a subject, or a snapshot of one."""

    @property
    def name(self) -> str:
        """What it is called in tables."""

    def start(self) -> Start:
        """Start it once."""


@dataclass(frozen=True)
class Measured:
    """The medians of several starts of the same; what each figure is, `Start` says."""

    name: str
    init_seconds: float
    first_response_seconds: float
    after_init_seconds: float
    cpu_seconds: float
    after_init_cpu_seconds: float
    peak_bytes: float


def measure(subjects: Sequence[Startable], rounds: int, *, say: Callable[[str], None]) -> dict[str, Measured]:
    """Start each subject once in each round, so that what the machine does meanwhile meets all alike.

    Every other round goes backwards. A round before the first warms the file cache and is not counted.
    """
    starts: dict[str, list[Start]] = {subject.name: [] for subject in subjects}
    for number in range(rounds + 1):
        say(f"Starts of {len(subjects)} subjects: round {number} of {rounds}")
        for subject in subjects if number % 2 else reversed(subjects):
            start = subject.start()
            if number:
                starts[subject.name].append(start)
    return {name: _medians(name, found) for name, found in starts.items()}


def _medians(name: str, starts: Sequence[Start]) -> Measured:
    return Measured(
        name=name,
        init_seconds=statistics.median(start.init_seconds for start in starts),
        first_response_seconds=statistics.median(start.first_response_seconds for start in starts),
        after_init_seconds=statistics.median(start.after_init_seconds for start in starts),
        cpu_seconds=statistics.median(start.cpu_seconds for start in starts),
        after_init_cpu_seconds=statistics.median(start.after_init_cpu_seconds for start in starts),
        peak_bytes=statistics.median(start.peak_bytes for start in starts),
    )
