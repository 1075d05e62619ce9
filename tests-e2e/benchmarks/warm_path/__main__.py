"""The warm path: what the chain around a handler costs at each invocation, beside Powertools' and middy's.

    PYTHONPATH=tests-e2e .venv/bin/python -m benchmarks.warm_path            # about two minutes
    PYTHONPATH=tests-e2e .venv/bin/python -m benchmarks.warm_path --quick

CPU time per invocation, in process, one request in ten malformed. Each chain runs in a process of its own,
round by round. What a bare handler takes in the same language is taken off. Writes results/warm_path.json
unless `--quick`.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.cold_start import events
from benchmarks.cold_start.node_reference import installed_node_reference
from benchmarks.measured_results import Target, target_lines, write_result
from support.stage import REPOSITORY

WARM_UP = 100
# An environment of a service that is not busy sees some thousands; V8 optimises for longer than that.
INVOCATIONS = 2_000
MANY_INVOCATIONS = 50_000
EVENTS = [
    events.request("POST", "/restaurants/search", body={"theme": "cartoon", "count": 4}),
    events.request("POST", "/restaurants/search", body={"count": 99}),
]
PYTHON = "python"
NODE = "node"


@dataclass(frozen=True)
class Chain:
    """One chain to measure.

    Attributes:
        title: What it is called in the table.
        language: Which program has it.
        name: What that program calls it.
        reports: Whether it writes logs and metrics.
    """

    title: str
    language: str
    name: str
    reports: bool


BARE_PYTHON = Chain("Python: bare", PYTHON, "bare", reports=False)
BARE_NODE = Chain("Node: bare", NODE, "bare", reports=False)
OURS = Chain("service_kit", PYTHON, "service_kit", reports=False)
OURS_REPORTING = Chain("service_kit, with logs and metrics", PYTHON, "service_kit", reports=True)
MIDDY = Chain("middy", NODE, "middy", reports=False)
MIDDY_REPORTING = Chain("middy + Powertools for TypeScript", NODE, "middy_with_powertools", reports=True)
CHAINS = (
    BARE_PYTHON,
    OURS,
    Chain("Powertools' parameters, pydantic by hand", PYTHON, "powertools_decorators", reports=False),
    Chain("Powertools' resolver", PYTHON, "powertools_resolver", reports=False),
    OURS_REPORTING,
    Chain("Powertools' decorators, pydantic by hand", PYTHON, "powertools_decorators", reports=True),
    Chain("Powertools' resolver and decorators", PYTHON, "powertools_resolver", reports=True),
    BARE_NODE,
    MIDDY,
    MIDDY_REPORTING,
)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few rounds, nothing written")
    parser.add_argument("--rounds", type=int, default=7, help="processes for each chain (default: 7)")
    arguments = parser.parse_args()
    rounds = 2 if arguments.quick else arguments.rounds
    few = _measure(INVOCATIONS, rounds)
    many = {} if arguments.quick else _measure(MANY_INVOCATIONS, 1)
    targets = _targets(few)
    sys.stdout.write("\n".join([*_table(few, many), "", *target_lines(targets), ""]))
    if not arguments.quick:
        document = {
            "measuredAt": f"{datetime.now(UTC):%Y-%m-%d}",
            "command": "npm run bench -- --only warm-path",
            "rounds": rounds,
            "microseconds": {
                str(INVOCATIONS): _by_title(few),
                str(MANY_INVOCATIONS): _by_title(many),
            },
            "targets": [asdict(target) for target in targets],
        }
        write_result("warm_path.json", document)


def _measure(invocations: int, rounds: int) -> dict[Chain, float]:
    node_reference = installed_node_reference()
    figures: dict[Chain, list[float]] = {chain: [] for chain in CHAINS}
    for number in range(1, rounds + 1):
        sys.stderr.write(
            f"{len(CHAINS)} chains, {invocations:,} invocations each: round {number} of {rounds}\n"
        )
        for chain in CHAINS:
            figures[chain].append(_microseconds(chain, invocations, node_reference))
    return {chain: statistics.median(found) for chain, found in figures.items()}


def _microseconds(chain: Chain, invocations: int, node_reference: Path) -> float:
    program: list[str | Path] = (
        [sys.executable, Path(__file__).with_name("python_chains.py")]
        if chain.language == PYTHON
        else [shutil.which("node") or "node", node_reference / "warm_chains.mjs"]
    )
    done = subprocess.run(
        [*program, chain.name, str(WARM_UP), str(invocations)],
        input=json.dumps(EVENTS),
        env=_variables(reports=chain.reports),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{chain.title} failed:\n{done.stderr[-2000:]}")
    # What the chain itself writes goes to standard output, the figure to standard error.
    return float(done.stderr.splitlines()[-1]) / 1000


def _variables(*, reports: bool) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(REPOSITORY / "libs" / "service_kit"),
        "AWS_REGION": "us-east-1",
        "SERVICE_NAME": "restaurants",
        "STAGE": "local",
        "CORS_ALLOWED_ORIGIN": "*",
        "LOG_LEVEL": "INFO" if reports else "ERROR",
        "POWERTOOLS_SERVICE_NAME": "restaurants",
        "POWERTOOLS_METRICS_NAMESPACE": "BigMouth",
    }


def _overhead(figures: dict[Chain, float], chain: Chain) -> float:
    return figures[chain] - figures[BARE_PYTHON if chain.language == PYTHON else BARE_NODE]


def _table(few: dict[Chain, float], many: dict[Chain, float]) -> list[str]:
    lines = [
        f"{'CPU time per invocation, µs':<48}{f'of {INVOCATIONS:,}':>12}{'overhead':>10}"
        + (f"{f'of {MANY_INVOCATIONS:,}':>12}{'overhead':>10}" if many else "")
    ]
    for chain in CHAINS:
        line = f"{chain.title:<48}{few[chain]:12.1f}{_overhead(few, chain):10.1f}"
        lines.append(line + (f"{many[chain]:12.1f}{_overhead(many, chain):10.1f}" if many else ""))
    return lines


def _targets(figures: dict[Chain, float]) -> list[Target]:
    return [
        Target(
            "warm overhead: configuration + validation + errors, ÷ middy's same chain",
            _overhead(figures, OURS) / _overhead(figures, MIDDY),
            at_most=0.6,
            remark=f"over {INVOCATIONS:,} invocations",
        ),
        Target(
            "warm overhead with logs and metrics ÷ middy + Powertools for TypeScript",
            _overhead(figures, OURS_REPORTING) / _overhead(figures, MIDDY_REPORTING),
            at_most=0.7,
            remark=f"over {INVOCATIONS:,} invocations",
        ),
    ]


def _by_title(figures: dict[Chain, float]) -> dict[str, float]:
    return {chain.title: figure for chain, figure in figures.items()}


if __name__ == "__main__":
    main()
