"""Redrive dead-letter messages once their cause is gone, as an operator does."""

import json
import os
import subprocess
import sys
from typing import Any
from urllib.parse import urlsplit

from support.stage import REPOSITORY, Stage

PER_SECOND = 200
HOME = ("sent", "published")


class RedriveError(Exception):
    """Some dead letters could not be redriven; the text says why."""


def redrive(stage: Stage) -> int:
    """Move all dead letters of the stage to where they came from and give their number.

    Raises:
        RedriveError: some of them stayed where they were.
    """
    port = urlsplit(os.environ["AWS_ENDPOINT_URL"]).port
    options = ["--all", "--stage", stage.name, "--emulator", "--rate", str(PER_SECOND), "--json"]
    completed = subprocess.run(
        [sys.executable, "-m", "stagectl", "dlq", "redrive", *options],
        cwd=REPOSITORY,
        env={**os.environ, "BIGMOUTH_PORT": str(port)},
        capture_output=True,
        text=True,
        check=False,
    )
    if completed.returncode:
        raise RedriveError(completed.stderr)
    queues: list[dict[str, Any]] = json.loads(completed.stdout)
    return sum(queue[outcome] for queue in queues for outcome in HOME)
