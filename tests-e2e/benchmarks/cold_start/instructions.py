"""How many instructions a cold start executes, by valgrind: a figure that a busy machine does not change."""

import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.cold_start.start import Subject, cold_start

_DEADLINE_SECONDS = 300.0
_TOTAL = re.compile(r"^summary: (\d+)", re.MULTILINE)


def count_instructions(subjects: Sequence[Subject], *, say: Callable[[str], None]) -> dict[str, int]:
    """Count the instructions of each subject's cold start; nothing where there is no valgrind.

    The garbage that hash seeds bring in is taken out, so that two counts of the same differ by less than a
    thousandth.
    """
    if shutil.which("valgrind") is None:
        say("Instructions are not counted: there is no valgrind on this machine")
        return {}
    say(f"Counting the instructions of {len(subjects)} cold starts with valgrind")
    with ThreadPoolExecutor(2) as pool, tempfile.TemporaryDirectory() as folder:
        counts = pool.map(lambda subject: _count(subject, Path(folder)), subjects)
        return {subject.name: count for subject, count in zip(subjects, counts, strict=True)}


def _count(subject: Subject, folder: Path) -> int:
    written = folder / subject.name.replace("/", "-").replace(" ", "-")
    valgrind = [
        "valgrind",
        "--tool=cachegrind",
        "--cache-sim=no",
        f"--cachegrind-out-file={written}",
        "--quiet",
    ]
    repeatable = subject.with_variables({"PYTHONHASHSEED": "0"})
    cold_start(repeatable, wrapper=valgrind, deadline_seconds=_DEADLINE_SECONDS)
    total = _TOTAL.search(written.read_text())
    return int(total.group(1)) if total else 0
