"""Rounds of cold starts, and their medians."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.cold_start.start import Start, Subject, cold_start


@dataclass(frozen=True)
class Measured:
    """The medians of a subject's cold starts; what each field is, `Start` says."""

    name: str
    init_seconds: float
    first_response_seconds: float
    cpu_seconds: float
    peak_bytes: int


def measure(subjects: Sequence[Subject], rounds: int, *, say: Callable[[str], None]) -> list[Measured]:
    """Start each subject once in each round, so that what the machine does meanwhile meets all alike.

    Every other round goes backwards. A round before the first warms the file cache and is not counted.
    """
    starts: dict[str, list[Start]] = {subject.name: [] for subject in subjects}
    for number in range(rounds + 1):
        say(f"Cold starts of {len(subjects)} packages: round {number} of {rounds}")
        for subject in subjects if number % 2 else reversed(subjects):
            start = cold_start(subject)
            if number:
                starts[subject.name].append(start)
    return [_medians(name, found) for name, found in starts.items()]


def _medians(name: str, starts: Sequence[Start]) -> Measured:
    return Measured(
        name=name,
        init_seconds=statistics.median(start.init_seconds for start in starts),
        first_response_seconds=statistics.median(start.first_response_seconds for start in starts),
        cpu_seconds=statistics.median(start.cpu_seconds for start in starts),
        peak_bytes=int(statistics.median(start.peak_bytes for start in starts)),
    )
