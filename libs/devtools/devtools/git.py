"""Git, as commands of the development tools run it."""

import subprocess
from pathlib import Path

from stagectl.errors import StagectlError


def output(folder: Path, *arguments: str) -> str:
    """Run git in a folder and return what it prints.

    Raises:
        StagectlError: It failed.
    """
    ran = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    if ran.returncode:
        said = (ran.stderr or ran.stdout).strip()
        raise StagectlError(f"git {' '.join(arguments)} failed in {folder}: {said}")
    return ran.stdout
