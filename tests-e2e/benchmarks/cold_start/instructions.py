"""How many instructions a start executes, by valgrind: a figure that a busy machine does not change."""

import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from benchmarks.cold_start.restore import Snapshot, restored_name
from benchmarks.cold_start.start import Subject, cold_start

_DEADLINE_SECONDS = 300.0
_TOTAL = re.compile(r"^summary: (\d+)", re.MULTILINE)
_VALGRIND = ("valgrind", "--tool=cachegrind", "--cache-sim=no", "--quiet")


def count_instructions(
    subjects: Sequence[Subject], restored: Sequence[Subject], *, say: Callable[[str], None]
) -> dict[str, int]:
    """Count the instructions of starts by name; nothing where there is no valgrind.

    The garbage that hash seeds bring in is taken out, so that two counts of the same differ by less than a
    thousandth.

    Args:
        subjects: Those that are started from nothing.
        restored: Those that are restored from a snapshot.
        say: Reports progress.
    """
    if shutil.which("valgrind") is None:
        say("Instructions are not counted: there is no valgrind on this machine")
        return {}
    say(f"Counting the instructions of {len(subjects) + len(restored)} starts with valgrind")
    with ThreadPoolExecutor(2) as pool:
        counts = [
            *((subject.name, pool.submit(_of_cold_start, subject)) for subject in subjects),
            *((restored_name(subject.name), pool.submit(_of_restore, subject)) for subject in restored),
        ]
        return {name: count.result() for name, count in counts}


def _of_cold_start(subject: Subject) -> int:
    with tempfile.TemporaryDirectory() as folder:
        cold_start(_repeatable(subject), wrapper=_valgrind(folder), deadline_seconds=_DEADLINE_SECONDS)
        return sum(_counts(folder).values())


def _of_restore(subject: Subject) -> int:
    with tempfile.TemporaryDirectory() as folder:
        snapshot = Snapshot(
            _repeatable(subject), wrapper=_valgrind(folder), deadline_seconds=_DEADLINE_SECONDS
        )
        with closing(snapshot):
            snapshot.start()
        counts = _counts(folder)
        # A copy begins with the count of the process that it is a copy of, which does next to nothing more.
        before = counts.pop(snapshot.pid)
        return sum(counts.values()) - before


def _repeatable(subject: Subject) -> Subject:
    return subject.with_variables({"PYTHONHASHSEED": "0"})


def _valgrind(folder: str) -> list[str]:
    return [*_VALGRIND, f"--cachegrind-out-file={folder}/%p"]


def _counts(folder: str) -> dict[int, int]:
    """Return the counts that valgrind has written, by process."""
    found = {int(file.name): _TOTAL.search(file.read_text()) for file in Path(folder).iterdir()}
    return {pid: int(total.group(1)) for pid, total in found.items() if total}
