"""The warm path: what the chain around a handler costs at each invocation, beside Powertools' and middy's."""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.cold_start import events
from benchmarks.cold_start.fake_aws import RESTAURANTS, serve
from benchmarks.cold_start.installed_references import installed_node_reference, installed_requirements
from benchmarks.cold_start.observation import function_environment
from benchmarks.cold_start.packages import REFERENCES
from benchmarks.measured_results import Target, say, show, write_result
from support.stage import REPOSITORY

ROUNDS, QUICK_ROUNDS = 7, 2
WARM_UP = 100
# An environment of a service that is not busy sees some thousands; V8 optimises for longer than that.
INVOCATIONS = 2_000
MANY_INVOCATIONS = 50_000
TIMEOUT_SECONDS = 300
FUNCTION = "restaurants/search-restaurants"
INPUT = {
    "events": [
        events.request("POST", "/restaurants/search", body={"theme": "cartoon", "count": 4}),
        events.request("POST", "/restaurants/search", body={"count": 99}),
    ],
    "restaurants": RESTAURANTS[:4],
}
# Each of these is in the output of a handler that reports, nearly as often as it is called.
REPORTED = ('"searched"', '"answered"', '"_aws"')
REPORTED_SHARE = 0.85


@dataclass(frozen=True)
class Chain:
    """One chain to measure.

    Attributes:
        title: What it is called in the table.
        handler: The handler in Python, or the module in Node.
        folder: Where it is.
        has_metrics: Whether it writes logs and metrics.
    """

    title: str
    handler: str
    folder: Path
    has_metrics: bool = True

    @property
    def is_node(self) -> bool:
        """Whether it runs in Node."""
        return self.folder == NODE


NODE = REFERENCES / "node"
BARE_PYTHON = Chain("Python: bare", "search_restaurants.handle", REFERENCES / "bare", has_metrics=False)
OURS = Chain(
    "service_kit", "restaurants.handlers.search_restaurants.handle", REPOSITORY / "services" / "restaurants"
)
DECORATORS = Chain(
    "Powertools' decorators, pydantic by hand", "search_restaurants.handle", REFERENCES / "usual"
)
RESOLVER = Chain(
    "Powertools' resolver and decorators", "search_restaurants.handle", REFERENCES / "everything"
)
BARE_NODE = Chain("Node: bare", "bare", NODE, has_metrics=False)
MIDDY = Chain("middy, logs by console.log", "search_restaurants", NODE, has_metrics=False)
MIDDY_REPORTING = Chain("middy + Powertools for TypeScript", "reporting", NODE)
CHAINS = (BARE_PYTHON, OURS, DECORATORS, RESOLVER, BARE_NODE, MIDDY, MIDDY_REPORTING)


def run(*, is_quick: bool) -> list[Target]:
    """Measure and print; write results/warm_path.json unless it is quick."""
    rounds = QUICK_ROUNDS if is_quick else ROUNDS
    few = _measure(INVOCATIONS, rounds)
    many = {} if is_quick else _measure(MANY_INVOCATIONS, 1)
    targets = [
        Target(
            "warm chain with logs and metrics ÷ middy + Powertools for TypeScript",
            _overhead(few, OURS) / _overhead(few, MIDDY_REPORTING),
            at_most=0.7,
            remark=f"over {INVOCATIONS:,} invocations; Powertools' own decorators "
            f"{_overhead(few, DECORATORS) / _overhead(few, MIDDY_REPORTING):.2f}",
        )
    ]
    show(_table(few, many))
    if not is_quick:
        document = {
            "measuredAt": f"{datetime.now(UTC):%Y-%m-%d}",
            "command": "npm run bench -- --only warm-path",
            "rounds": rounds,
            "microseconds": {str(INVOCATIONS): _by_title(few), str(MANY_INVOCATIONS): _by_title(many)},
            "targets": [asdict(target) for target in targets],
        }
        write_result("warm_path.json", document)
    return targets


def _measure(invocations: int, rounds: int) -> dict[Chain, float]:
    node, aws = installed_node_reference(), serve(None)
    figures: dict[Chain, list[float]] = {chain: [] for chain in CHAINS}
    try:
        for number in range(1, rounds + 1):
            say(f"{len(CHAINS)} chains, {invocations:,} invocations each: round {number} of {rounds}")
            for chain in CHAINS:
                figures[chain].append(_microseconds(chain, invocations, node=node, aws_url=aws.url))
    finally:
        aws.shutdown()
        aws.server_close()
    return {chain: statistics.median(found) for chain, found in figures.items()}


def _microseconds(chain: Chain, invocations: int, *, node: Path, aws_url: str) -> float:
    program: list[str | Path] = (
        [shutil.which("node") or "node", node / "warm.mjs"]
        if chain.is_node
        else [sys.executable, "-m", "benchmarks.warm_path.python_chain"]
    )
    # What the handler itself writes goes to a file, which wakes no reader, and the figure to standard error.
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        done = subprocess.run(
            [*program, chain.handler, str(WARM_UP), str(invocations)],
            input=json.dumps(INPUT),
            env=_variables(chain, aws_url),
            cwd=REPOSITORY,
            stdout=output,
            stderr=subprocess.PIPE,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
        output.seek(0)
        written = output.read()
    if done.returncode:
        raise RuntimeError(f"{chain.title} failed:\n{done.stderr[-2000:]}")
    if chain.has_metrics and min(map(written.count, REPORTED)) < REPORTED_SHARE * invocations:
        raise RuntimeError(f"{chain.title} does not log and count what it does:\n{written[-2000:]}")
    return float(done.stderr.splitlines()[-1]) / 1000


def _variables(chain: Chain, aws_url: str) -> dict[str, str]:
    _, variables = function_environment(FUNCTION, aws_url)
    # Where there is no such variable, Powertools' tracer is off: the chains in Node have none.
    variables.pop("LAMBDA_TASK_ROOT")
    libraries = installed_requirements(chain.folder.name)
    path = [REPOSITORY / "tests-e2e", chain.folder, REPOSITORY / "libs" / "service_kit", libraries]
    return {
        **variables,
        "PYTHONPATH": ":".join(map(str, path)),
        "PARAMETERS_MAX_AGE_SECONDS": "3600",
        "POWERTOOLS_PARAMETERS_MAX_AGE": "3600",
        "POWERTOOLS_SERVICE_NAME": "restaurants",
        "POWERTOOLS_METRICS_NAMESPACE": "BigMouth",
    }


def _overhead(figures: dict[Chain, float], chain: Chain) -> float:
    return figures[chain] - figures[BARE_NODE if chain.is_node else BARE_PYTHON]


def _table(few: dict[Chain, float], many: dict[Chain, float]) -> list[str]:
    lines = [
        f"{'CPU time per invocation, µs':<48}{f'of {INVOCATIONS:,}':>12}{'overhead':>10}"
        + (f"{f'of {MANY_INVOCATIONS:,}':>12}{'overhead':>10}" if many else "")
    ]
    for chain in CHAINS:
        line = f"{chain.title:<48}{few[chain]:12.1f}{_overhead(few, chain):10.1f}"
        lines.append(line + (f"{many[chain]:12.1f}{_overhead(many, chain):10.1f}" if many else ""))
    return lines


def _by_title(figures: dict[Chain, float]) -> dict[str, float]:
    return {chain.title: figure for chain, figure in figures.items()}
