"""Measures how the cost of a request grows with the tables and with the page; needs no stage."""

import sys
from collections.abc import Sequence
from typing import Any

from rich.console import Console

from benchmarks.growth import database, report
from benchmarks.growth.measuring import Laboratory
from benchmarks.measured_results import Target, say, write_result

SIZES, ROUNDS, PAGE_ROUNDS = (10, 1_000, 100_000), 15, 5
QUICK_SIZES, QUICK_ROUNDS, QUICK_PAGE_ROUNDS = (10, 1_000, 10_000), 5, 2
PAGE_WIDTH = 160


def run(*, is_quick: bool) -> list[Target]:
    """Measure and print; write results/growth.json unless it is quick."""
    results = (
        measure(QUICK_SIZES, rounds=QUICK_ROUNDS, page_rounds=QUICK_PAGE_ROUNDS)
        if is_quick
        else measure(SIZES, rounds=ROUNDS, page_rounds=PAGE_ROUNDS)
    )
    report.show(Console(highlight=False, width=None if sys.stdout.isatty() else PAGE_WIDTH), results)
    if not is_quick:
        write_result("growth.json", results)
    return [Target(**target) for target in results["targets"]]


def measure(sizes: Sequence[int], *, rounds: int, page_rounds: int) -> dict[str, Any]:
    """Fill tables of these sizes, in ascending order, and return the document with what was measured on them.

    It changes the environment of this process, so that it is for programs that do nothing else.
    """
    with database.running() as running:
        laboratory = Laboratory(running, sizes, progress=say)
        laboratory.fill()
        return report.document(laboratory.by_size(rounds), laboratory.by_page(page_rounds))
