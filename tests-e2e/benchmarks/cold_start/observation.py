"""What a function's cold start makes, observed in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stagectl.checkout.yaml_loader import load_mapping

from benchmarks.cold_start import events
from benchmarks.cold_start.fake_aws import serve
from benchmarks.cold_start.functions import plausible
from benchmarks.cold_start.start import lambda_variables
from support.stage import REPOSITORY

_PROGRAM = Path(__file__).with_name("observed_start.py")
_KIT = REPOSITORY / "libs" / "service_kit"


@dataclass(frozen=True)
class Observation:
    """What one cold start did, up to its first answer.

    Attributes:
        answer: The first answer.
        sessions: How many botocore sessions were made.
    """

    answer: Any
    sessions: int


def observe_all() -> dict[str, Observation]:
    """Let every function answer its first event, two at a time."""
    aws = serve(None)
    try:
        with ThreadPoolExecutor(2) as pool:
            observed = pool.map(lambda function: observe(function, aws_url=aws.url), events.FIRST_EVENTS)
            return dict(zip(events.FIRST_EVENTS, observed, strict=True))
    finally:
        aws.shutdown()
        aws.server_close()


def observe(function: str, *, aws_url: str) -> Observation:
    """Let a function answer its first event, from the sources of this checkout.

    Args:
        function: `service/function`.
        aws_url: A loopback AWS.
    """
    handler, variables = function_environment(function, aws_url)
    folder = REPOSITORY / "services" / function.partition("/")[0]
    environment = {
        **variables,
        "PYTHONPATH": f"{folder}:{_KIT}",
    }
    done = subprocess.run(
        [sys.executable, _PROGRAM, handler, variables["AWS_LAMBDA_FUNCTION_NAME"]],
        input=json.dumps(events.FIRST_EVENTS[function]),
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{function} failed:\n{done.stdout}{done.stderr}")
    told = json.loads(done.stdout.splitlines()[-1])
    return Observation(told["answer"], told["sessions"])


def function_environment(function: str, aws_url: str) -> tuple[str, dict[str, str]]:
    """Return the handler and the variables of a function, `service/function`, from its declaration."""
    service, _, key = function.partition("/")
    folder = REPOSITORY / "services" / service
    declared = load_mapping(folder / "serverless.yml")["functions"][key]
    variables = {
        **lambda_variables(folder, declared["handler"], f"{service}-local-{key}"),
        **_variables(service, aws_url),
        **{
            name: plausible(name, value, aws_url)
            for name, value in (declared.get("environment") or {}).items()
        },
    }
    return declared["handler"], variables


def _variables(service: str, aws_url: str) -> Mapping[str, str]:
    return {
        "STAGE": "local",
        "SSM_STAGE": "local",
        "POWERTOOLS_SERVICE_NAME": service,
        "POWERTOOLS_METRICS_NAMESPACE": "Kitchen",
        "AWS_ENDPOINT_URL": aws_url,
    }
