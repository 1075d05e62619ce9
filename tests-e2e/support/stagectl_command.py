"""Run `stagectl` on the stage under test, as an operator does."""

import os
import subprocess
import sys
from typing import TextIO
from urllib.parse import urlsplit

from support.stage import REPOSITORY, Stage


def stagectl(stage: Stage, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command on a stage of the emulator, and return how it ended and what it printed."""
    with started(stage, *arguments) as process:
        output, errors = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)


def port() -> str:
    """Return the port of the emulator under test."""
    return str(urlsplit(os.environ["AWS_ENDPOINT_URL"]).port)


def started(
    stage: Stage,
    *arguments: str,
    stdout: TextIO | int = subprocess.PIPE,
    stderr: TextIO | int = subprocess.PIPE,
) -> subprocess.Popen[str]:
    """Start a command on a stage of the emulator, and return it."""
    return subprocess.Popen(
        [sys.executable, "-m", "stagectl", *arguments, "--stage", stage.name, "--emulator"],
        cwd=REPOSITORY,
        env={**os.environ, "BIGMOUTH_PORT": port()},
        stdout=stdout,
        stderr=stderr,
        text=True,
    )
