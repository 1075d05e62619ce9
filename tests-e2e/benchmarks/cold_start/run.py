"""The cold-start laboratory: functions from their real packages, beside what others would have written."""

import tempfile
from contextlib import ExitStack, closing
from pathlib import Path

from benchmarks.cold_start import chart, report
from benchmarks.cold_start.events import CUSTOMER_FACING
from benchmarks.cold_start.instructions import count_instructions
from benchmarks.cold_start.loopback import fake_aws
from benchmarks.cold_start.measurement import measure
from benchmarks.cold_start.packages import Bytecode, package_services
from benchmarks.cold_start.restore import Snapshot
from benchmarks.cold_start.subjects import (
    function_subjects,
    package_bytes,
    prepare_bench,
    reference_subjects,
)
from benchmarks.cold_start.trust import make_trust
from benchmarks.measured_results import Target, say, show, write_result

ROUNDS, QUICK_ROUNDS = 15, 3
# Valgrind takes its time.
COUNTED = (report.COUNTERPART, "orders/place-order")


def run(*, is_quick: bool) -> list[Target]:
    """Measure and print; write results/cold_start.json and results/cold_start.svg unless it is quick."""
    rounds = QUICK_ROUNDS if is_quick else ROUNDS
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cold-start-")))
        trust = make_trust(folder)
        aws_url = stack.enter_context(fake_aws(trust))
        say("Packaging the services")
        package_services()
        say("Unpacking them")
        bench = prepare_bench(folder, trust, aws_url)
        references = reference_subjects(bench)
        ours = function_subjects(bench, Bytecode.SHIPPED, CUSTOMER_FACING)
        valid = function_subjects(bench, Bytecode.VALID, [report.COUNTERPART])
        snapshots = [stack.enter_context(closing(Snapshot(subject))) for subject in ours]
        measured = measure([*references, *ours, *valid, *snapshots], rounds, say=say)
        counted = [] if is_quick else [subject for subject in ours if subject.name in COUNTED]
        instructions = count_instructions([*references[:2], *counted], counted, say=say) if counted else {}
        document = report.document(measured, instructions, package_bytes(bench), rounds)
    show(report.text(document))
    if not is_quick:
        write_result("cold_start.json", document)
        chart.write(document)
    return [Target(**target) for target in document["targets"]]
