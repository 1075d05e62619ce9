"""A stage that is deployed like production for the first time."""

import json
import os
import subprocess
from typing import Any

import boto3
from stagectl.checkout import Checkout

from support.stage import REPOSITORY, Stage

FIRST = "first-production"
PROGRAM = Checkout(REPOSITORY).python.parent / "stagectl"


def stagectl(command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, *command.split(), "--stage", FIRST, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
    )


def check_release(stage: Stage, service: str, function: str) -> dict[str, Any]:
    """Call the hook of a service for the version that has the traffic, as CodeDeploy does for a new one."""
    name = f"{service}-{stage.name}-{function}"
    version = boto3.client("lambda").get_alias(FunctionName=name, Name="live")["FunctionVersion"]
    return invoke(f"{service}-{stage.name}-check-release", {"function": name, "version": version})


def invoke(function: str, event: dict[str, str]) -> dict[str, Any]:
    answer = boto3.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event).encode())
    report: dict[str, Any] = json.load(answer["Payload"])
    return report
