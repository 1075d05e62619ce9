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
from benchmarks.cold_start.subjects import BARE, EMULATOR_PYTHON, NODE, USUAL, shown_name
from benchmarks.measured_results import Target, target_lines

COUNTERPART = "restaurants/search-restaurants"
"""The function that does what the references do."""


def document(measured: Sequence[Measured], instructions: Mapping[str, int], rounds: int) -> dict[str, Any]:
    """Give everything that there is to tell."""
    by_name = {each.name: each for each in measured}
    return {
        "measuredAt": f"{datetime.now(UTC):%Y-%m-%d}",
        "command": "npm run bench -- --only cold-start",
        "machine": _machine(),
        "rounds": rounds,
        "subjects": [
            {
                **asdict(each),
                "divided_by_bare": each.first_response_seconds / by_name[BARE].first_response_seconds,
                "instructions": instructions.get(each.name),
            }
            for each in measured
        ],
        "targets": [asdict(target) for target in _targets(by_name)],
    }


def text(result: Mapping[str, Any]) -> list[str]:
    """Give the tables."""
    columns = (("init", 8), ("first", 8), ("÷ bare", 8), ("CPU", 8), ("memory", 9), ("instructions", 14))
    heading = " " * 58 + "".join(f"{name:>{width}}" for name, width in columns)
    lines = [f"Cold starts, medians of {result['rounds']} rounds", "", heading]
    lines += [_line(subject) for subject in result["subjects"]]
    return [*lines, "", *target_lines([Target(**target) for target in result["targets"]])]


def _line(subject: Mapping[str, Any]) -> str:
    instructions = f"{subject['instructions'] / 1e6:,.0f} M" if subject["instructions"] else ""
    times = "".join(f"{subject[name] * 1000:5.0f} ms" for name in ("init_seconds", "first_response_seconds"))
    usage = f"{subject['cpu_seconds'] * 1000:5.0f} ms{subject['peak_bytes'] / 1e6:6.0f} MB{instructions:>14}"
    return f"{subject['name']:<58}{times}{subject['divided_by_bare']:8.2f}{usage}"


def _targets(measured: Mapping[str, Measured]) -> list[Target]:
    bare, usual, ours, node = (measured[name] for name in (BARE, USUAL, COUNTERPART, NODE))
    worst = max((measured[name] for name in CUSTOMER_FACING), key=lambda each: each.first_response_seconds)
    of_init = {
        name: measured[name].init_seconds / measured[shown_name(name, Bytecode.VALID)].init_seconds
        for name in CUSTOMER_FACING
    }
    stale = max(of_init, key=lambda name: of_init[name])
    return [
        Target(
            "first response ÷ bare handler, worst customer-facing function",
            worst.first_response_seconds / bare.first_response_seconds,
            at_most=6.0,
            remark=f"{worst.name}; of CPU time {_of_cpu(measured, CUSTOMER_FACING):.1f}; "
            f"usual stack {usual.first_response_seconds / bare.first_response_seconds:.1f}, "
            f"of CPU time {_of_cpu(measured, [USUAL]):.1f}",
        ),
        Target(
            "init from the shipped zip ÷ the same with valid bytecode, worst",
            of_init[stale],
            at_most=1.05,
            remark=stale,
        ),
        Target(
            "Node reference ÷ ours, first response",
            node.first_response_seconds / ours.first_response_seconds,
            at_least=1.0,
            remark=COUNTERPART,
        ),
    ]


def _of_cpu(measured: Mapping[str, Measured], names: Sequence[str]) -> float:
    """Divide the most CPU time of these by a bare handler's: other work on the machine changes it less."""
    return max(measured[name].cpu_seconds for name in names) / measured[BARE].cpu_seconds


def _machine() -> str:
    python, node = _version([str(EMULATOR_PYTHON), "--version"]), _version(["node", "--version"])
    return f"{platform.system()} {platform.machine()}, {python}, Node {node}"


def _version(command: Sequence[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip().removeprefix("v")
