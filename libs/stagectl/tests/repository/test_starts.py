"""How each function starts, and why, and whether its triggers call what starts so."""

import json
from typing import Any

import pytest

from stagectl.yaml_loader import load_mapping

from .conftest import ROOT, SERVICES, Compiled

SNAP_START = "${strToBool(${param:snapStart})}"
PROVISIONED = "${param:provisionedConcurrency}"
ALIAS = "snapstart"
CALLERS = {
    "AWS::ApiGateway::Method",
    "AWS::Cognito::UserPool",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Permission",
}


def table(service: str) -> dict[str, dict[str, Any]]:
    return load_mapping(ROOT / "services" / service / "starts.yml")


def from_a_snapshot(service: str) -> set[str]:
    return {key for key, start in table(service).items() if start.get("snapStart") == SNAP_START}


@pytest.mark.parametrize("service", SERVICES)
def test_every_function_starts_in_one_way_with_a_reason_and_nothing_else_does(service: str) -> None:
    functions = load_mapping(ROOT / "services" / service / "serverless.yml")["functions"]
    starts = table(service)
    assert starts.keys() == functions.keys()
    for key, start in starts.items():
        reason = start.pop("reason")
        assert reason.strip(), key
        assert start in (
            {"snapStart": SNAP_START},
            {"snapStart": False},
            {"provisionedConcurrency": PROVISIONED},
        ), key


@pytest.mark.parametrize("service", SERVICES)
def test_production_goes_on_from_snapshots_where_the_table_says(
    compiled: dict[str, Compiled], service: str
) -> None:
    functions = compiled[service].of_type("AWS::Lambda::Function").values()
    started = {function["FunctionName"] for function in functions if "SnapStart" in function}
    assert started == {f"{service}-prod-{key}" for key in from_a_snapshot(service)}


@pytest.mark.parametrize("service", SERVICES)
def test_whatever_calls_a_function_with_a_snapshot_calls_its_alias(
    compiled: dict[str, Compiled], service: str
) -> None:
    resources = compiled[service].resources
    for name, function in compiled[service].of_type("AWS::Lambda::Function").items():
        if "SnapStart" not in function:
            continue
        callers = {
            caller: json.dumps(resource["Properties"])
            for caller, resource in resources.items()
            if resource["Type"] in CALLERS and f'"{name}"' in json.dumps(resource["Properties"])
        }
        assert callers, name
        assert [caller for caller, text in callers.items() if f'"{ALIAS}"' not in text] == [], name


def test_only_production_publishes_versions() -> None:
    stages = load_mapping(ROOT / "shared-infra" / "params.yml")
    assert {name for name, stage in stages.items() if stage.get("snapStart") == "true"} == {"prod"}
    assert stages["default"]["snapStart"] == "false"
    assert not any(stage.get("provisionedConcurrency") for stage in stages.values())
