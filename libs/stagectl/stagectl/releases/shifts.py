"""Deployments of CodeDeploy that shift the traffic of an alias."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_codedeploy.client import CodeDeployClient
    from mypy_boto3_codedeploy.literals import DeploymentStatusType

RUNNING: "Sequence[DeploymentStatusType]" = ("Created", "Queued", "InProgress", "Baking", "Ready")


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
