"""How much memory each function has and how it starts."""

import itertools
from typing import Any

import pytest

from stagectl.checkout.yaml_loader import load_mapping

from .conftest import ROOT, SERVICES, Compiled

SNAP_START = "${param:snapStart}"
PROVISIONED = "${param:provisionedConcurrency}"


def functions_of(service: str) -> dict[str, dict[str, Any]]:
    functions: dict[str, dict[str, Any]] = load_mapping(ROOT / "services" / service / "serverless.yml")[
        "functions"
    ]
    return functions


@pytest.mark.parametrize("service", SERVICES)
def test_every_function_has_a_memory_size_and_a_comment_that_says_why(service: str) -> None:
    assert [key for key, function in functions_of(service).items() if "memorySize" not in function] == []
    lines = (ROOT / "services" / service / "serverless.yml").read_text(encoding="utf-8").splitlines()
    unexplained = [
        line
        for before, line in itertools.pairwise(lines)
        if line.startswith("    memorySize:") and not before.startswith("    # ")
    ]
    assert unexplained == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_function_starts_in_one_way(service: str) -> None:
    for key, function in functions_of(service).items():
        start = {name: function[name] for name in ("snapStart", "provisionedConcurrency") if name in function}
        assert start in (
            {"snapStart": SNAP_START},
            {"snapStart": False},
            {"provisionedConcurrency": PROVISIONED},
        ), key


@pytest.mark.parametrize("service", SERVICES)
def test_production_starts_from_snapshots_where_a_function_says_so(
    compiled: dict[str, Compiled], service: str
) -> None:
    deployed = compiled[service].of_type("AWS::Lambda::Function").values()
    started = {function["FunctionName"] for function in deployed if "SnapStart" in function}
    wanted = {
        key for key, function in functions_of(service).items() if function.get("snapStart") == SNAP_START
    }
    assert started == {f"{service}-prod-{key}" for key in wanted}


def test_only_production_starts_from_snapshots() -> None:
    stages = load_mapping(ROOT / "shared-infra" / "params.yml")
    assert {name for name, stage in stages.items() if stage.get("snapStart")} == {"prod"}
    assert stages["default"]["snapStart"] is False
    assert not any(stage.get("provisionedConcurrency") for stage in stages.values())
