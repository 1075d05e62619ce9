"""The cold-start laboratory: every function from its real package, beside what others would have written.

    PYTHONPATH=tests-e2e .venv/bin/python -m benchmarks.cold_start            # about seven minutes
    PYTHONPATH=tests-e2e .venv/bin/python -m benchmarks.cold_start --quick    # about one minute

Prints tables, and writes results/cold_start.json and results/cold_start.svg unless `--quick`.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.cold_start import chart, report
from benchmarks.cold_start.events import CUSTOMER_FACING
from benchmarks.cold_start.instructions import count_instructions
from benchmarks.cold_start.loopback import fake_aws
from benchmarks.cold_start.measurement import measure
from benchmarks.cold_start.packages import Bytecode, package_services
from benchmarks.cold_start.subjects import (
    Bench,
    function_subjects,
    prepare_bench,
    reference_subjects,
)
from benchmarks.cold_start.trust import make_trust
from benchmarks.measured_results import write_result

QUICK_ROUNDS = 5


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--quick", action="store_true", help="few rounds, no instruction counts, nothing written"
    )
    parser.add_argument("--rounds", type=int, default=20, help="cold starts of each function (default: 20)")
    arguments = parser.parse_args()
    rounds = QUICK_ROUNDS if arguments.quick else arguments.rounds

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cold-start-")))
        trust = make_trust(folder)
        aws_url = stack.enter_context(fake_aws(trust))
        _say("Packaging the services")
        package_services()
        _say("Unpacking them")
        bench = prepare_bench(folder, trust, aws_url)
        _measure_all(bench, rounds, is_quick=arguments.quick)


def _measure_all(bench: Bench, rounds: int, *, is_quick: bool) -> None:
    customer_facing = function_subjects(bench, Bytecode.SHIPPED, CUSTOMER_FACING)
    others = [] if is_quick else function_subjects(bench, Bytecode.SHIPPED, leave_out=CUSTOMER_FACING)
    valid = function_subjects(bench, Bytecode.VALID, CUSTOMER_FACING)
    references = reference_subjects(bench)
    measured = measure([*references, *customer_facing, *valid, *others], rounds, say=_say)
    instructions = {} if is_quick else count_instructions([*references[:2], *customer_facing], say=_say)
    document = report.document(measured, instructions, rounds)
    _print(report.text(document))
    if not is_quick:
        write_result("cold_start.json", document)
        chart.write(document)


def _say(progress: str) -> None:
    sys.stderr.write(f"{progress}\n")


def _print(lines: Sequence[str]) -> None:
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
