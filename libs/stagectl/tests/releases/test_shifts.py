from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError

from stagectl import aws
from stagectl.releases import shifts

from ..fakes.released import REGION, STACK, ReleasedStack
from .conftest import PLACE

ROLE = "arn:aws:iam::123456789012:role/x"


class Stops:
    """StopDeployment, which moto lacks.

    Attributes:
        asked: The parameters of each call.
        error: Code of the error that answers it.
    """

    def __init__(self, codedeploy: Any) -> None:
        self.asked: list[dict[str, Any]] = []
        self.error = ""
        events = codedeploy.meta.events
        events.register("before-parameter-build.codedeploy.StopDeployment", self._note)
        events.register("before-call.codedeploy.StopDeployment", self._answer)

    def _note(self, params: dict[str, Any], **_: Any) -> None:
        self.asked.append(params)

    def _answer(self, **_: Any) -> tuple[AWSResponse, dict[str, Any]]:
        status, body = (400, {"Error": {"Code": self.error}}) if self.error else (200, {"status": "Pending"})
        return AWSResponse("", status, HTTPHeaders(), None), body


@pytest.fixture
def codedeploy(stack: ReleasedStack) -> Any:
    """CodeDeploy with an application and a deployment group."""
    client = aws.session(region_name=REGION).client("codedeploy")
    client.create_application(applicationName=STACK, computePlatform="Lambda")
    client.create_deployment_group(
        applicationName=STACK,
        deploymentGroupName=PLACE,
        serviceRoleArn=ROLE,
        deploymentConfigName="CodeDeployDefault.LambdaCanary10Percent5Minutes",
    )
    return client


def deploy(codedeploy: Any) -> str:
    deployment = codedeploy.create_deployment(
        applicationName=STACK,
        deploymentGroupName=PLACE,
        revision={"revisionType": "AppSpecContent", "appSpecContent": {"content": "{}"}},
    )
    return str(deployment["deploymentId"])


def test_a_running_deployment_is_stopped_and_returns_to_the_version_before(codedeploy: Any) -> None:
    stops, deployment = Stops(codedeploy), deploy(codedeploy)

    assert shifts.stop(codedeploy, STACK, PLACE) == [deployment]
    assert stops.asked == [{"deploymentId": deployment, "autoRollbackEnabled": True}]


def test_where_none_runs_nothing_is_stopped(codedeploy: Any) -> None:
    stops = Stops(codedeploy)

    assert shifts.stop(codedeploy, STACK, PLACE) == []
    assert stops.asked == []


def test_a_deployment_that_ends_meanwhile_is_no_error(codedeploy: Any) -> None:
    stops, _ = Stops(codedeploy), deploy(codedeploy)
    stops.error = "DeploymentAlreadyCompletedException"

    assert shifts.stop(codedeploy, STACK, PLACE) == []


def test_a_refusal_is_an_error(codedeploy: Any) -> None:
    stops, _ = Stops(codedeploy), deploy(codedeploy)
    stops.error = "AccessDeniedException"

    with pytest.raises(ClientError, match="AccessDeniedException"):
        shifts.stop(codedeploy, STACK, PLACE)
