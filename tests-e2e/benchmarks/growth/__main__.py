"""Measures how the cost of a request grows with the tables and with the page, prints tables, writes a file.

It needs no stage and no emulator. Run from tests-e2e:

    ../.venv/bin/python -m benchmarks.growth              # 10, 1,000 and 100,000 restaurants
    ../.venv/bin/python -m benchmarks.growth --quick      # up to 10,000
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.growth import database, report
from benchmarks.growth.measuring import Laboratory
from benchmarks.growth.population import FEW

RESULTS = Path(__file__).parents[1] / "results" / "growth.json"
SIZES, ROUNDS, PAGE_ROUNDS = (10, 1_000, 100_000), 25, 5
QUICK_SIZES, QUICK_ROUNDS, QUICK_PAGE_ROUNDS = (10, 1_000, 10_000), 5, 2
PAGE_WIDTH = 160


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="smaller tables and fewer rounds")
    parser.add_argument("--sizes", type=_sizes, help="numbers of restaurants, such as 10,500")
    parser.add_argument("--rounds", type=int, help="how often everything is asked at each size")
    parser.add_argument("--output", type=Path, help=f"default: results/{RESULTS.name}; with --quick, none")
    arguments = parser.parse_args()
    sizes = arguments.sizes or (QUICK_SIZES if arguments.quick else SIZES)
    rounds = arguments.rounds or (QUICK_ROUNDS if arguments.quick else ROUNDS)
    results = measure(
        sizes, rounds=rounds, page_rounds=min(rounds, QUICK_PAGE_ROUNDS if arguments.quick else PAGE_ROUNDS)
    )
    report.show(Console(highlight=False, width=None if sys.stdout.isatty() else PAGE_WIDTH), results)
    is_standard = (arguments.sizes, arguments.rounds, arguments.quick) == (None, None, False)
    output = arguments.output or (RESULTS if is_standard else None)
    if output:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def measure(sizes: tuple[int, ...], *, rounds: int, page_rounds: int) -> dict[str, Any]:
    """Fill tables of these sizes and measure on them; gives what stands in the file of results."""
    with database.running() as running:
        laboratory = Laboratory(running, sizes, progress=_say)
        laboratory.fill()
        return report.document(laboratory.by_size(rounds), laboratory.by_page(page_rounds))


def _sizes(text: str) -> tuple[int, ...]:
    sizes = tuple(sorted({int(part) for part in text.split(",")}))
    if len(sizes) < 2 or sizes[0] <= FEW:
        raise argparse.ArgumentTypeError(f"at least two numbers, all above {FEW}")
    return sizes


def _say(what: str) -> None:
    sys.stderr.write(f"  {what} …\n")


if __name__ == "__main__":
    main()
