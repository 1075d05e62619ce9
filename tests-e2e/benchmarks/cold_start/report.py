"""What was measured as a document and as text, with the targets beside the figures."""

import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from benchmarks.cold_start.events import CUSTOMER_FACING
from benchmarks.cold_start.measurement import Measured
from benchmarks.cold_start.packages import Bytecode
from benchmarks.cold_start.restore import restored_name
from benchmarks.cold_start.subjects import BARE, EMULATOR_PYTHON, NODE, USUAL, shown_name
from benchmarks.measured_results import Target

COUNTERPART = "restaurants/search-restaurants"
"""The function that does what the references do."""
_TIMES = ("init", "first_response", "after_init", "cpu")


def document(
    measured: Mapping[str, Measured],
    instructions: Mapping[str, int],
    package_bytes: Mapping[str, int],
    rounds: int,
) -> dict[str, Any]:
    """Return all figures, with the targets."""
    bare = measured[BARE].first_response_seconds
    return {
        "measuredAt": f"{datetime.now(UTC):%Y-%m-%d}",
        "command": "npm run bench -- --only cold-start",
        "machine": _machine(),
        "rounds": rounds,
        "package_bytes": package_bytes,
        "subjects": [
            {
                **asdict(each),
                "divided_by_bare": each.first_response_seconds / bare,
                "after_init_divided_by_bare": each.after_init_seconds / bare,
                "instructions": instructions.get(each.name),
            }
            for each in measured.values()
        ],
        "targets": [asdict(target) for target in targets(measured, package_bytes)],
    }


def text(result: Mapping[str, Any]) -> list[str]:
    """Return the table."""
    columns = ("init", "first", "÷ bare", "after", "÷ bare", "CPU", "memory", "instructions")
    heading = " " * 48 + "".join(f"{name:>9}" for name in columns[:-1]) + f"{columns[-1]:>14}"
    lines = [f"Starts, medians of {result['rounds']} rounds; “after” is the part of “first” after init", ""]
    return [*lines, heading, *map(_line, result["subjects"])]


def _line(subject: Mapping[str, Any]) -> str:
    milliseconds = {name: f"{1000 * subject[f'{name}_seconds']:.1f} ms" for name in _TIMES}
    figures = (
        milliseconds["init"],
        milliseconds["first_response"],
        f"{subject['divided_by_bare']:.2f}",
        milliseconds["after_init"],
        f"{subject['after_init_divided_by_bare']:.2f}",
        milliseconds["cpu"],
        f"{subject['peak_bytes'] / 1e6:.0f} MB",
    )
    instructions = f"{subject['instructions'] / 1e6:,.0f} M" if subject["instructions"] else ""
    return f"{subject['name']:<48}" + "".join(f"{figure:>9}" for figure in figures) + f"{instructions:>14}"


def targets(measured: Mapping[str, Measured], package_bytes: Mapping[str, int]) -> list[Target]:
    """Return the targets; for customer-facing functions the worst of them counts."""
    bare, usual, ours, node = (measured[name] for name in (BARE, USUAL, COUNTERPART, NODE))
    valid = measured[shown_name(COUNTERPART, Bytecode.VALID)]
    cold = [measured[name] for name in CUSTOMER_FACING]
    restored = [measured[restored_name(name)] for name in CUSTOMER_FACING]
    slowest = max(cold, key=lambda each: each.first_response_seconds)
    after_init = max(cold, key=lambda each: each.after_init_seconds)
    of_restored = max(restored, key=lambda each: each.first_response_seconds)
    largest = max(package_bytes, key=lambda name: package_bytes[name])
    return [
        Target(
            "restored from a snapshot → first answer, ÷ bare, worst",
            of_restored.first_response_seconds / bare.first_response_seconds,
            at_most=1.0,
            remark=f"{of_restored.name}; of CPU time {of_restored.cpu_seconds / bare.cpu_seconds:.2f}",
        ),
        Target(
            "after init → first answer, ÷ bare, worst",
            after_init.after_init_seconds / bare.first_response_seconds,
            at_most=0.7,
            remark=f"{after_init.name}; "
            f"of CPU time {after_init.after_init_cpu_seconds / bare.cpu_seconds:.2f}",
        ),
        Target(
            "whole cold start without a snapshot, ÷ bare, worst",
            slowest.first_response_seconds / bare.first_response_seconds,
            at_most=7.0,
            remark=f"{slowest.name}; of CPU time {slowest.cpu_seconds / bare.cpu_seconds:.1f}; usual stack "
            f"{usual.first_response_seconds / bare.first_response_seconds:.1f}, "
            f"of CPU time {usual.cpu_seconds / bare.cpu_seconds:.1f}",
        ),
        Target(
            "bundled Node ÷ ours, whole cold start",
            node.first_response_seconds / ours.first_response_seconds,
            at_least=1.25,
            remark=COUNTERPART,
        ),
        Target(
            "init from the shipped zip ÷ the same with valid bytecode",
            ours.init_seconds / valid.init_seconds,
            at_most=1.05,
            remark=COUNTERPART,
        ),
        Target(
            "zipped package without boto3, MB, largest",
            package_bytes[largest] / 1e6,
            at_most=3.2,
            remark=largest,
        ),
    ]


def _machine() -> str:
    python, node = _version([str(EMULATOR_PYTHON), "--version"]), _version(["node", "--version"])
    return f"{platform.system()} {platform.machine()}, {python}, Node {node}"


def _version(command: Sequence[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip().removeprefix("v")
