"""Read stacks from CloudFormation."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from stagectl.aws import refusals
from stagectl.stacks.stack_status import Resource, StackStatus

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.client import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackTypeDef

STACK_TYPE = "AWS::CloudFormation::Stack"
_GONE = frozenset({"DELETE_COMPLETE"})
_BEGINNINGS = frozenset({"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"})


class StackReader:
    """Reads the stacks of an account's region; changes nothing.

    Args:
        cloudformation: Client of the target that the stacks are on.
    """

    def __init__(self, cloudformation: "CloudFormationClient") -> None:
        self._cloudformation = cloudformation

    def find(self, name: str) -> StackStatus | None:
        """Return the state of a stack, or None when there is no such stack."""
        from botocore.exceptions import ClientError  # noqa: PLC0415

        try:
            stack = self._cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        if stack["StackStatus"] in _GONE:
            return None
        return _status(stack)

    def all(self) -> Iterator[StackStatus]:
        """Yield the state of every stack of the account's region that the caller may read."""
        from botocore.exceptions import ClientError  # noqa: PLC0415

        try:
            for page in self._cloudformation.get_paginator("describe_stacks").paginate():
                for stack in page["Stacks"]:
                    if stack["StackStatus"] not in _GONE:
                        yield _status(stack)
        except ClientError as error:
            if not refusals.is_denied(error):
                raise
            yield from self._all_one_by_one()

    def names(self) -> list[str]:
        """Return the names of all stacks of the account's region; needs no permission to describe them."""
        pages = self._cloudformation.get_paginator("list_stacks").paginate()
        return [
            stack["StackName"]
            for page in pages
            for stack in page["StackSummaries"]
            if stack["StackStatus"] not in _GONE
        ]

    def resources(self, name: str) -> list[Resource]:
        """Return the existing resources of a stack."""
        pages = self._cloudformation.get_paginator("list_stack_resources").paginate(StackName=name)
        return [
            Resource(one["LogicalResourceId"], one["ResourceType"], one["PhysicalResourceId"])
            for page in pages
            for one in page["StackResourceSummaries"]
            # A resource that failed early has no id.
            if one.get("PhysicalResourceId") and one["ResourceStatus"] not in _GONE
        ]

    def outputs(self, name: str) -> dict[str, str]:
        """Return the outputs of a stack; none when there is no such stack."""
        if self.find(name) is None:
            return {}
        stack = self._cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        return {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", ())}

    def template(self, name: str) -> dict[str, Any]:
        """Return the template of a stack as it was deployed; empty when it has none that can be read."""
        from botocore.exceptions import ClientError  # noqa: PLC0415

        try:
            return self.deployed_template(name)
        except ClientError:
            return {}

    def deployed_template(self, name: str) -> dict[str, Any]:
        """Return the template of a stack as it was deployed, which is empty while it has none.

        Raises:
            ClientError: The caller may not read it.
        """
        answer = self._cloudformation.get_template(StackName=name, TemplateStage="Original")
        body: Any = answer["TemplateBody"]
        # boto3 has decoded it if it is JSON, as all that sls makes is.
        return dict(body) if isinstance(body, dict) else {}

    def first_failure(self, name: str) -> str | None:
        """Return what failed first in a stack's last operation; most later failures are cancellations."""
        cause = None
        for event in self._last_operation(name):
            if event.get("ResourceStatus", "").endswith("_FAILED") and event.get("ResourceStatusReason"):
                cause = f"{event['LogicalResourceId']}: {event['ResourceStatusReason']}"
        return cause

    def _all_one_by_one(self) -> Iterator[StackStatus]:
        """Yield the stacks of a caller who may list all stacks but describe only some."""
        from botocore.exceptions import ClientError  # noqa: PLC0415

        for name in self.names():
            try:
                status = self.find(name)
            except ClientError as error:
                if not refusals.is_denied(error):
                    raise
                continue
            if status is not None:
                yield status

    def _last_operation(self, name: str) -> Iterator[Any]:
        """Yield the events of a stack's last operation, the newest first."""
        for page in self._cloudformation.get_paginator("describe_stack_events").paginate(StackName=name):
            for event in page["StackEvents"]:
                yield event
                if event["ResourceType"] == STACK_TYPE and event.get("ResourceStatus") in _BEGINNINGS:
                    return


def _status(stack: "StackTypeDef") -> StackStatus:
    changed_at = stack.get("LastUpdatedTime", stack["CreationTime"])
    tags = {tag["Key"]: tag["Value"] for tag in stack.get("Tags", ())}
    is_protected = stack.get("EnableTerminationProtection", False)
    return StackStatus(
        stack["StackName"], stack["StackStatus"], changed_at, tags, is_protected, stack.get("StackId", "")
    )
