"""https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeploymentGroup.html"""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

Stack = Callable[..., str]

GROUP = {
    "ApplicationName": {"Ref": "Application"},
    "DeploymentGroupName": "orders-x-place-order",
    "ServiceRoleArn": "arn:aws:iam::000000000000:role/orders-x-deployments",
    "DeploymentConfigName": "CodeDeployDefault.LambdaCanary10Percent5Minutes",
    "DeploymentStyle": {"DeploymentType": "BLUE_GREEN", "DeploymentOption": "WITH_TRAFFIC_CONTROL"},
    "AutoRollbackConfiguration": {"Enabled": True, "Events": ["DEPLOYMENT_STOP_ON_ALARM"]},
    "AlarmConfiguration": {"Enabled": True, "Alarms": [{"Name": "orders-x-errors"}]},
}
MADE, REFUSED = "CREATE_COMPLETE", "ROLLBACK_COMPLETE"


def made(stack: Stack, group: dict[str, Any], application: str = "orders-x") -> str:
    return stack(
        f"codedeploy-{uuid.uuid4().hex}",
        {
            "Application": {
                "Type": "AWS::CodeDeploy::Application",
                "Properties": {"ApplicationName": application, "ComputePlatform": "Lambda"},
            },
            "Group": {"Type": "AWS::CodeDeploy::DeploymentGroup", "Properties": group},
        },
    )


def test_an_application_and_a_group_are_made(stack: Stack) -> None:
    assert made(stack, GROUP) == MADE


@pytest.mark.parametrize("name", ["orders x", "orders/x", "x" * 101])
def test_a_name_with_other_characters_or_above_100_is_refused(stack: Stack, name: str) -> None:
    assert made(stack, GROUP, application=name) == REFUSED
    assert made(stack, {**GROUP, "DeploymentGroupName": name}) == REFUSED


@pytest.mark.parametrize(
    "wrong",
    [
        {"DeploymentConfigName": "CodeDeployDefault.LambdaCanary20Percent5Minutes"},
        {"DeploymentConfigName": "CodeDeployDefault.AllAtOnce"},
        {"DeploymentStyle": {"DeploymentType": "IN_PLACE", "DeploymentOption": "WITH_TRAFFIC_CONTROL"}},
        {"ServiceRoleArn": "orders-x-deployments"},
        {"AutoRollbackConfiguration": {"Enabled": True, "Events": ["DEPLOYMENT_SUCCESS"]}},
        {"AutoRollbackConfiguration": {"Enabled": True, "Events": []}},
        {"AlarmConfiguration": {"Enabled": True, "Alarms": []}},
        {"AlarmConfiguration": {"Enabled": True, "Alarms": [{"Name": "a"}, {"Name": "a"}]}},
        {"AlarmConfiguration": {"Enabled": True, "Alarms": [{"Name": f"a{n}"} for n in range(11)]}},
    ],
)
def test_a_group_that_codedeploy_would_refuse_is_refused(stack: Stack, wrong: dict[str, Any]) -> None:
    assert made(stack, {**GROUP, **wrong}) == REFUSED
