"""Run `stagectl` on the stage under test, as an operator does."""

import os
import subprocess
import sys
from urllib.parse import urlsplit

from support.stage import REPOSITORY, Stage


def stagectl(stage: Stage, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command on a stage of the emulator, and return how it ended and what it printed."""
    port = urlsplit(os.environ["AWS_ENDPOINT_URL"]).port
    return subprocess.run(
        [sys.executable, "-m", "stagectl", *arguments, "--stage", stage.name, "--emulator"],
        cwd=REPOSITORY,
        env={**os.environ, "BIGMOUTH_PORT": str(port)},
        capture_output=True,
        text=True,
        check=False,
    )
