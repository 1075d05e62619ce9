"""Read the workflow files."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[3]
WORKFLOWS = ROOT / ".github" / "workflows"


def load(name: str) -> dict[Any, Any]:
    """Read a workflow."""
    document: dict[Any, Any] = yaml.safe_load((WORKFLOWS / name).read_text(encoding="utf-8"))
    return document


def triggers(workflow: Mapping[Any, Any]) -> dict[str, Any]:
    """Return what stands under `on`, which YAML takes for true."""
    declared = workflow[True]
    return declared if isinstance(declared, dict) else {declared: None}


def needs(job: Mapping[str, Any]) -> list[str]:
    """Return the jobs that a job waits for."""
    named = job.get("needs", [])
    return [named] if isinstance(named, str) else named


def flat(steps: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the steps, those of the repository's own actions in the action's place."""
    for step in steps:
        if str(step.get("uses", "")).startswith("./"):
            action = yaml.safe_load((ROOT / step["uses"] / "action.yml").read_text(encoding="utf-8"))
            yield from flat(action["runs"]["steps"])
        else:
            yield step


def with_defaults(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs of a reusable workflow, after checking that they are those that it declares."""
    declared = triggers(load(name))["workflow_call"] or {}
    inputs = declared.get("inputs", {})
    assert not set(given) - set(inputs), f"{name} has no inputs {set(given) - set(inputs)}"
    missing = [key for key, entry in inputs.items() if entry.get("required") and key not in given]
    assert not missing, f"{name} wants {missing}"
    defaults = {key: entry.get("default", "") for key, entry in inputs.items()}
    return {**defaults, **{key: "" if value is None else value for key, value in given.items()}}
