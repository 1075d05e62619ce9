"""Measures how long stages take to come and go, in ratio to deploying their stacks one by one with plain sls.

Run from the repository root with the environment of the suite, in a checkout without changes, on an emulator
that is not used otherwise:

    PYTHONPATH=tests-e2e .venv/bin/python -m benchmarks.previews
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.table import Table
from stagectl.checkout import services

from benchmarks.changed_service import a_changed_service
from support.stage import REPOSITORY

PLAIN, FULL, PARTIAL = "bench-plain", "bench-full", "bench-partial"
CHANGED_SERVICE = "notifications"
TARGETS = {"full": 0.3, "partial": 0.15}
SLS = str(REPOSITORY / "node_modules" / ".bin" / "sls")
STAGECTL = str(REPOSITORY / ".venv" / "bin" / "stagectl")


@dataclass(frozen=True)
class Took:
    """What a step took.

    Attributes:
        seconds: By the clock.
        processor_seconds: Processor time of the programs that were run, without the emulator's.
    """

    seconds: float
    processor_seconds: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--rounds", type=int, default=3, help="rounds, of which medians are taken (default: 3)"
    )
    parser.add_argument("--json", action="store_true", help="print all rounds as JSON")
    arguments = parser.parse_args()
    if "AWS_ENDPOINT_URL" not in os.environ:
        raise SystemExit("AWS_ENDPOINT_URL is not set: this makes and removes stages on an emulator")

    rounds = [_round() for _ in range(arguments.rounds)]
    if arguments.json:
        sys.stdout.write(
            json.dumps([{k: asdict(took) for k, took in one.items()} for one in rounds], indent=2)
        )
        return
    _print({step: _median([one[step] for one in rounds]) for step in rounds[0]})


def _round() -> dict[str, Took]:
    """Measure each step once, on new stages; what was packaged before is at hand, for plain sls too."""
    try:
        plain = _took(_deploy_one_by_one)
        impatient = {"SLS_AWS_MONITORING_FREQUENCY": "300"}
        _remove(PLAIN)
        plain_impatient = _took(lambda: _deploy_one_by_one(impatient))
        full = _took(lambda: _up(FULL))
        with a_changed_service(CHANGED_SERVICE):
            partial = _took(lambda: _up(PARTIAL, "--changed-since", "HEAD", "--base", FULL))
        return {
            "plain": plain,
            "plain, asking every 0.3 s": plain_impatient,
            "full": full,
            "partial": partial,
            "unchanged": _took(lambda: _up(FULL)),
            "down": _took(lambda: _remove(FULL)),
        }
    finally:
        for stage in (PARTIAL, FULL, PLAIN):
            _remove(stage)


def _took(step: Callable[[], None]) -> Took:
    since, used = time.perf_counter(), _processor_seconds()
    step()
    return Took(time.perf_counter() - since, _processor_seconds() - used)


def _processor_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _deploy_one_by_one(variables: Mapping[str, str] | None = None) -> None:
    """Deploy each stack from its folder, in their order, with sls as it comes."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SLS_")}
    for stack in services.discover(REPOSITORY).values():
        subprocess.run(
            [SLS, "deploy", "--stage", PLAIN],
            cwd=stack.folder,
            env={**environment, **(variables or {})},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )


def _up(stage: str, *arguments: str) -> None:
    _stagectl("up", "--stage", stage, "--no-seed", *arguments)


def _remove(stage: str) -> None:
    _stagectl("down", "--stage", stage)


def _stagectl(*arguments: str) -> None:
    subprocess.run([STAGECTL, *arguments], cwd=REPOSITORY, stderr=subprocess.DEVNULL, check=True)


def _median(tries: list[Took]) -> Took:
    return Took(
        statistics.median(took.seconds for took in tries),
        statistics.median(took.processor_seconds for took in tries),
    )


def _print(steps: Mapping[str, Took]) -> None:
    table = Table("step", "seconds", "processor", "÷ plain", "to reach", box=None, pad_edge=False)
    for step, took in steps.items():
        target = f"≤ {TARGETS[step]}" if step in TARGETS else ""
        if step == "down":
            target = f"≤ {steps['full'].seconds / steps['plain'].seconds:.2f}, as full"
        ratio = f"{took.seconds / steps['plain'].seconds:.2f}"
        table.add_row(step, f"{took.seconds:.1f}", f"{took.processor_seconds:.1f}", ratio, target)
    Console().print(table)


if __name__ == "__main__":
    main()
