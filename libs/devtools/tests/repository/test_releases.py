"""On permanent stages each function is released as a version, and called by the alias `live` only."""

import re
from typing import Any

import pytest

from stagectl.checkout.yaml_loader import load_mapping

from .conftest import ROOT, SERVICES, Compiled

ALIAS = "live"
HOOKS = {"check-release": "BeforeAllowTrafficHook", "check-traffic": "AfterAllowTrafficHook"}
MAX_RESOURCES = 500
MAX_OUTPUTS = 200
MAX_TEMPLATE_BYTES = 1_000_000
# What names a function to describe, release or watch it; everything else that names one may call it.
_OF_THE_FUNCTION = {
    "AWS::CodeDeploy::DeploymentGroup",
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::Lambda::Alias",
    "AWS::Lambda::Function",
    "AWS::Lambda::Version",
    "AWS::Logs::LogGroup",
    "AWS::Logs::MetricFilter",
}


def released(template: Compiled) -> dict[str, dict[str, Any]]:
    """Return the functions that are released: all but the hooks."""
    prefix = f"{template.service}-prod-"
    return {
        name: function
        for name, function in template.of_type("AWS::Lambda::Function").items()
        if function["FunctionName"].removeprefix(prefix) not in HOOKS
    }


def aliases(template: Compiled) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return the name and the resource of each function's alias."""
    return {
        resource["Properties"]["FunctionName"]["Ref"]: (name, resource)
        for name, resource in template.resources.items()
        if resource["Type"] == "AWS::Lambda::Alias"
    }


@pytest.mark.parametrize("service", SERVICES)
def test_every_function_is_released_as_a_version_that_stays_behind_one_alias(
    compiled: dict[str, Compiled], service: str
) -> None:
    template = compiled[service]
    found = aliases(template)

    assert found.keys() == released(template).keys()
    for function, (_, alias) in found.items():
        version, attribute = alias["Properties"]["FunctionVersion"]["Fn::GetAtt"]
        assert (alias["Properties"]["Name"], attribute) == (ALIAS, "Version")
        assert template.resources[version]["Type"] == "AWS::Lambda::Version"
        assert template.resources[version]["Properties"]["FunctionName"] == {"Ref": function}
        assert template.resources[version]["DeletionPolicy"] == "Retain"


@pytest.mark.parametrize("service", SERVICES)
def test_codedeploy_moves_every_alias_and_returns_on_failure_alarm_and_stop(
    compiled: dict[str, Compiled], service: str
) -> None:
    template = compiled[service]
    functions = template.of_type("AWS::Lambda::Function")
    hooks = {
        HOOKS[short]: {"Ref": name}
        for name, function in functions.items()
        if (short := function["FunctionName"].removeprefix(f"{service}-prod-")) in HOOKS
    }
    for function, (_, alias) in aliases(template).items():
        policy = alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
        group = template.resources[policy["DeploymentGroupName"]["Ref"]]["Properties"]
        assert policy["ApplicationName"] == group["ApplicationName"]
        assert {key: value for key, value in policy.items() if key.endswith("Hook")} == hooks
        assert group["DeploymentGroupName"] == functions[function]["FunctionName"]
        assert set(group["AutoRollbackConfiguration"]["Events"]) == {
            "DEPLOYMENT_FAILURE",
            "DEPLOYMENT_STOP_ON_ALARM",
            "DEPLOYMENT_STOP_ON_REQUEST",
        }


@pytest.mark.parametrize("service", SERVICES)
def test_an_alarm_rolls_back_exactly_the_functions_that_it_names(
    compiled: dict[str, Compiled], service: str
) -> None:
    template = compiled[service]
    declared = {
        (f"{service}-prod-{function}", alarm)
        for alarm, resource in template.resources.items()
        for function in resource.get("Metadata", {}).get("RollsBack", [])
    }
    groups = template.of_type("AWS::CodeDeploy::DeploymentGroup").values()
    wired = {
        (group["DeploymentGroupName"], alarm["Name"]["Ref"])
        for group in groups
        for alarm in group.get("AlarmConfiguration", {}).get("Alarms", [])
    }
    assert wired == declared


def rendered(node: Any) -> str:
    """Return a part of a template as text, with `<Function>` for the name or the ARN of a resource."""
    match node:
        case {"Ref": name} | {"Fn::GetAtt": [name, "Arn"]}:
            return f"<{name}>"
        case {"Fn::Join": [separator, parts]}:
            return str(separator).join(rendered(part) for part in parts)
        case str():
            return re.sub(r"\$\{(\w+)(\.Arn)?\}", r"<\1>", node)
        case dict() | list():
            parts = node.values() if isinstance(node, dict) else node
            return " ".join(rendered(part) for part in parts)
    return ""


@pytest.mark.parametrize("service", SERVICES)
def test_nothing_calls_a_function_but_by_its_alias(compiled: dict[str, Compiled], service: str) -> None:
    template = compiled[service]
    texts = {
        name: rendered(resource["Properties"])
        for name, resource in template.resources.items()
        if resource["Type"] not in _OF_THE_FUNCTION
    }
    functions = "|".join(released(template))
    by_alias = [name for name, text in texts.items() if re.search(rf"<({functions})>:{ALIAS}\b", text)]

    assert by_alias
    assert [name for name, text in texts.items() if re.search(rf"<({functions})>(?!:{ALIAS}\b)", text)] == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_function_of_a_resource_of_its_own_is_called_by_its_alias(
    compiled: dict[str, Compiled], service: str
) -> None:
    template = compiled[service]
    called = {
        name
        for name, (alias, _) in aliases(template).items()
        for resource in template.resources.values()
        if resource["Type"] not in _OF_THE_FUNCTION
        and re.search(rf"<{name}>:{ALIAS}\b|<{alias}>", rendered(resource["Properties"]))
    }
    assert called == released(template).keys()


def test_customers_get_a_canary_and_development_everything_at_once() -> None:
    stages = load_mapping(ROOT / "shared-infra" / "params.yml")
    assert stages["default"]["releases"] is False
    assert {name for name, stage in stages.items() if stage.get("releases")} == {"dev", "staging", "prod"}
    shifts = ("customersTrafficShift", "othersTrafficShift")
    assert [stages["dev"][one] for one in shifts] == ["AllAtOnce", "AllAtOnce"]
    for stage in ("staging", "prod"):
        assert not set(shifts) & stages[stage].keys()
    assert [stages["default"][one] for one in shifts] == [
        "Canary10Percent5Minutes",
        "Linear10PercentEvery1Minute",
    ]


@pytest.mark.parametrize("service", SERVICES)
def test_a_stack_with_releases_stays_within_the_limits_of_cloudformation(
    compiled: dict[str, Compiled], service: str
) -> None:
    template = compiled[service]
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
    assert len(template.resources) <= MAX_RESOURCES
    assert template.template_file.stat().st_size < MAX_TEMPLATE_BYTES
    assert len(template.template["Outputs"]) <= MAX_OUTPUTS
