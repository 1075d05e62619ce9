"""Logs and metrics: CPU time for each warm invocation, share of the import, and bytes, in one run.

The handler of a search runs as it is, and on a stand-in for Powertools that reports nothing, one after the
other in each round; the difference is what reporting costs.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from stagectl.costs import prices

from benchmarks.cold_start.fake_aws import serve
from benchmarks.cold_start.installed_references import installed_requirements
from benchmarks.cold_start.observation import function_environment
from benchmarks.measured_results import Target, say, show, write_result
from benchmarks.warm_path.run import FUNCTION, INPUT, TIMEOUT_SECONDS, WARM_UP
from support.stage import REPOSITORY

ROUNDS, QUICK_ROUNDS = 9, 2
INVOCATIONS = 2_000
IMPORTS = 5
MILLION = 1_000_000
# Amazon CloudWatch pricing, custom metrics, for each of the first 10,000.
USD_A_METRIC = 0.30
HANDLER = "restaurants.handlers.search_restaurants"
SILENT = Path(__file__).parent / "silent"
IMPORT = f"""import sys, time
since = time.process_time_ns()
import {HANDLER}
sys.stderr.write(str(time.process_time_ns() - since))"""


@dataclass(frozen=True)
class Reporting:
    """What one round measured.

    Attributes:
        warm_microseconds: CPU time of one invocation.
        import_milliseconds: CPU time of importing the handler.
        output: What all invocations wrote.
    """

    warm_microseconds: float
    import_milliseconds: float
    output: str


def run(*, is_quick: bool) -> list[Target]:
    """Measure and print; write results/reporting.json unless it is quick."""
    rounds = QUICK_ROUNDS if is_quick else ROUNDS
    whole, silent = _measure(rounds)
    per_invocation = _median([one.warm_microseconds for one in whole]) - _median(
        [one.warm_microseconds for one in silent]
    )
    whole_import = _median([one.import_milliseconds for one in whole])
    share = 1 - _median([one.import_milliseconds for one in silent]) / whole_import
    lines = whole[0].output.splitlines()
    # Warming up and two calls beforehand write lines too.
    bytes_per_request = len(whole[0].output.encode()) / (INVOCATIONS + WARM_UP + 2)
    names = sorted({metric["Name"] for line in lines for metric in _metrics_in(line)})
    usd_a_month = len(names) * USD_A_METRIC
    usd = prices.read().price("cloudwatch-logs-gb").of(bytes_per_request * MILLION / 1e9)
    targets = [
        Target("logs and metrics, milliseconds of a warm invocation", per_invocation / 1000, at_most=0.5),
        Target("logs and metrics, share of a handler's import", share, at_most=0.15),
    ]
    show(
        [
            f"{'logs and metrics, for each warm invocation':<56}{per_invocation:10.1f} µs of CPU",
            f"{'of the import of a handler':<56}{share:10.1%} of {whole_import:.0f} ms",
            f"{'written for each request':<56}{bytes_per_request:10,.0f} bytes",
            f"{'a million requests, ingested by CloudWatch Logs':<56}{usd:10.2f} US dollars",
            f"{'metrics: ' + ', '.join(names):<56}{usd_a_month:10.2f} US dollars a month",
        ]
    )
    if not is_quick:
        document = {
            "measuredAt": f"{datetime.now(UTC):%Y-%m-%d}",
            "command": "npm run bench -- --only reporting",
            "rounds": rounds,
            "warmMicroseconds": per_invocation,
            "importMilliseconds": whole_import,
            "shareOfImport": share,
            "bytesPerRequest": bytes_per_request,
            "usdPerMillionRequests": usd,
            "metrics": names,
            "targets": [asdict(target) for target in targets],
        }
        write_result("reporting.json", document)
    return targets


def _measure(rounds: int) -> tuple[list[Reporting], list[Reporting]]:
    aws = serve(None)
    whole, silent = [], []
    try:
        for number in range(1, rounds + 1):
            say(f"with and without logs and metrics: round {number} of {rounds}")
            whole.append(_one(aws.url, []))
            silent.append(_one(aws.url, [SILENT]))
    finally:
        aws.shutdown()
        aws.server_close()
    return whole, silent


def _one(aws_url: str, first_on_path: list[Path]) -> Reporting:
    variables = _variables(aws_url, first_on_path)
    chain = ["-m", "benchmarks.warm_path.python_chain", f"{HANDLER}.handle", str(WARM_UP), str(INVOCATIONS)]
    nanoseconds, output = _python(chain, variables)
    # The quickest: what else the machine does only ever adds.
    import_nanoseconds = min(_python(["-c", IMPORT], variables)[0] for _ in range(IMPORTS))
    return Reporting(nanoseconds / 1e3, import_nanoseconds / 1e6, output)


def _python(arguments: list[str], variables: dict[str, str]) -> tuple[float, str]:
    """Run Python; return the number that it wrote last to standard error, and its output."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        done = subprocess.run(
            [sys.executable, *arguments],
            input=json.dumps(INPUT),
            env=variables,
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
        raise RuntimeError(f"{arguments} failed:\n{done.stderr[-2000:]}")
    return float(done.stderr.splitlines()[-1]), written


def _variables(aws_url: str, first_on_path: list[Path]) -> dict[str, str]:
    _, variables = function_environment(FUNCTION, aws_url)
    variables.pop("LAMBDA_TASK_ROOT")
    libraries = installed_requirements("restaurants")
    folders = [
        REPOSITORY / "tests-e2e",
        REPOSITORY / "services" / "restaurants",
        REPOSITORY / "libs" / "service_kit",
    ]
    return {
        **variables,
        "PYTHONPATH": ":".join(map(str, [*first_on_path, *folders, libraries])),
        "PARAMETERS_MAX_AGE_SECONDS": "3600",
        "POWERTOOLS_SERVICE_NAME": "restaurants",
        "POWERTOOLS_METRICS_NAMESPACE": "BigMouth",
    }


def _metrics_in(line: str) -> list[dict[str, str]]:
    if '"_aws"' not in line:
        return []
    return [metric for one in json.loads(line)["_aws"]["CloudWatchMetrics"] for metric in one["Metrics"]]


def _median(figures: list[float]) -> float:
    return statistics.median(figures)
