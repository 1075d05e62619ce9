"""Deployments of CodeDeploy that shift the traffic of an alias."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from stagectl import aws
from stagectl.releases.live import LiveFunction
from stagectl.targets.target import Target
from stagectl.terminal import console

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_codedeploy.client import CodeDeployClient
    from mypy_boto3_codedeploy.literals import DeploymentStatusType

RUNNING: "Sequence[DeploymentStatusType]" = ("Created", "Queued", "InProgress", "Baking", "Ready")


def stopper(target: Target) -> Callable[[LiveFunction], None] | None:
    """Return what stops the shifts of a function on a target that was entered; None without CodeDeploy."""
    if target.is_emulator:
        return None
    codedeploy: CodeDeployClient = aws.session().client("codedeploy")

    def stop_all(function: LiveFunction) -> None:
        for deployment in stop(codedeploy, function.stack, function.name):
            console.say(f"Stopped the deployment {deployment} of {function.name}")

    return stop_all


def stop(codedeploy: "CodeDeployClient", application: str, group: str) -> list[str]:
    """Stop the running deployments of a deployment group, which return to the version before.

    It does not wait for that: to move the alias to the same version meanwhile does no harm.

    Returns:
        The ids of the deployments.
    """
    from botocore.exceptions import ClientError  # noqa: PLC0415 - comes with boto3, see aws.py

    pages = codedeploy.get_paginator("list_deployments").paginate(
        applicationName=application, deploymentGroupName=group, includeOnlyStatuses=RUNNING
    )
    running = [deployment for page in pages for deployment in page["deployments"]]
    stopped = []
    for deployment in running:
        try:
            codedeploy.stop_deployment(deploymentId=deployment, autoRollbackEnabled=True)
        except ClientError as error:
            if error.response["Error"]["Code"] != "DeploymentAlreadyCompletedException":
                raise
        else:
            stopped.append(deployment)
    return stopped
