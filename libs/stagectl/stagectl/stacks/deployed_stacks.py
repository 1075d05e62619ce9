"""What is deployed on a stage, as CloudFormation tells it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from stagectl.checkout.services import Stack

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.client import CloudFormationClient

_BEGINNINGS = frozenset({"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"})
_STACK_TYPE = "AWS::CloudFormation::Stack"


@dataclass(frozen=True)
class DeployedStack:
    """One stack of a stage.

    Attributes:
        service: Name of its service.
        state: CloudFormation's name of its state.
        deployed_at: When it was last changed.
        commit: Commit that it was deployed from, or None when it carries no such tag.
        cause: Why its last operation failed, or None when it did not.
    """

    service: str
    state: str
    deployed_at: datetime
    commit: str | None
    cause: str | None

    @property
    def is_broken(self) -> bool:
        """Whether its last operation failed."""
        return "ROLLBACK" in self.state or "FAILED" in self.state


def of_stage(
    cloudformation: "CloudFormationClient", stage: str, stacks: Iterable[Stack]
) -> list[DeployedStack]:
    """Return those stacks that exist on a stage, in the order given."""
    found = (_find(cloudformation, stack, stack.on_stage(stage)) for stack in stacks)
    return [stack for stack in found if stack is not None]


def _find(cloudformation: "CloudFormationClient", stack: Stack, name: str) -> DeployedStack | None:
    from botocore.exceptions import ClientError  # noqa: PLC0415 - comes with boto3, see aws.py

    try:
        described = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    if described["StackStatus"] == "DELETE_COMPLETE":
        return None
    tags = {tag["Key"]: tag["Value"] for tag in described.get("Tags", ())}
    deployed = DeployedStack(
        service=stack.name,
        state=described["StackStatus"],
        deployed_at=described.get("LastUpdatedTime", described["CreationTime"]),
        commit=tags.get("commit"),
        cause=None,
    )
    if not deployed.is_broken:
        return deployed
    return DeployedStack(**{**vars(deployed), "cause": _first_failure(cloudformation, name)})


def _first_failure(cloudformation: "CloudFormationClient", name: str) -> str | None:
    """Return what failed first in a stack's last operation; what failed later was mostly cancelled for it."""
    cause = None
    for page in cloudformation.get_paginator("describe_stack_events").paginate(StackName=name):
        for event in page["StackEvents"]:  # the newest first
            status = event.get("ResourceStatus", "")
            if status.endswith("_FAILED") and event.get("ResourceStatusReason"):
                cause = f"{event['LogicalResourceId']}: {event['ResourceStatusReason']}"
            if event.get("ResourceType") == _STACK_TYPE and status in _BEGINNINGS:
                return cause
    return cause
