"""What a release of another stage proved of the same commit."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stagectl.errors import StagectlError, UsageError

RELEASED = "released"


def check(path: Path, commit: str, packages: Mapping[str, str]) -> str:
    """Check that a record stands for a commit and its packages; return that in words.

    Args:
        path: The record that a release wrote.
        commit: What is about to be released.
        packages: SHA-256 of each service's package.

    Raises:
        UsageError: The file is no record.
        StagectlError: The record is of something else, or of a release that failed or was not tested.
    """
    record = _read(path)
    tests = str(record["steps"].get("tests", "not run"))
    different = [name for name, package in packages.items() if record["artifacts"].get(name) != package]
    faults = [
        *([f"its result is {record['result']}"] if record["result"] != RELEASED else []),
        *([f"its commit is {record['commit']}"] if record["commit"] != commit else []),
        *([] if tests.startswith("done") else [f"its tests were {tests}"]),
        *([f"its packages differ: {', '.join(different)}"] if different else []),
    ]
    if faults:
        raise StagectlError(f"{path} does not stand for commit {commit}: {'; '.join(faults)}.")
    return f"stage {record['stage']} tested commit {commit}, byte for byte"


def _read(path: Path) -> dict[str, Any]:
    try:
        record: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return {name: record[name] for name in ("stage", "result", "commit", "steps", "artifacts")}
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise UsageError(f"{path} is no record of a release: {type(error).__name__}: {error}.") from None
