"""The states of CloudFormation stacks, and what to do about a half-made one before it is deployed again."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Self

from stagectl import aws
from stagectl.errors import DeploymentError
from stagectl.target import Target

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.client import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackTypeDef
    from mypy_boto3_s3.client import S3Client

SETTLE_DEADLINE_SECONDS = 20.0
REMOVE_DEADLINE_SECONDS = 120.0
_POLL_SECONDS = 0.2
_IN_PROGRESS = "_IN_PROGRESS"
_REVIEW = "REVIEW_IN_PROGRESS"
_SOUND = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE"})
_GONE = frozenset({"DELETE_COMPLETE"})
_NEVER_MADE = "ROLLBACK_COMPLETE"


@dataclass(frozen=True)
class StackStatus:
    """What CloudFormation says of a stack.

    Attributes:
        name: Name of the CloudFormation stack.
        state: Its status, such as `UPDATE_COMPLETE`.
        updated_at: When it was last changed.
        tags: Its tags.
    """

    name: str
    state: str
    updated_at: datetime
    tags: dict[str, str] = field(default_factory=dict)


class StackStates:
    """Reads and mends the states of stacks.

    Args:
        cloudformation: Client of the place that the stacks are in.
        s3: Client of the same place.
        is_emulator: Whether nothing of value can be there, so that whatever is half made may be removed.
    """

    def __init__(self, cloudformation: "CloudFormationClient", s3: "S3Client", *, is_emulator: bool) -> None:
        self._cloudformation = cloudformation
        self._s3 = s3
        self._is_emulator = is_emulator

    @classmethod
    def of(cls, target: Target) -> Self:
        """Return the stacks of a target that has been entered."""
        session = aws.session()
        clients = session.client("cloudformation"), session.client("s3")
        return cls(*clients, is_emulator=target.is_emulator)

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
        """Yield the state of every stack that the account holds in the region, whoever made it."""
        for page in self._cloudformation.get_paginator("describe_stacks").paginate():
            for stack in page["Stacks"]:
                if stack["StackStatus"] not in _GONE:
                    yield _status(stack)

    def make_deployable(self, name: str) -> str | None:
        """Remove a stack that an earlier, interrupted or failed creation left behind.

        Returns:
            The state it was removed in, or None when there was nothing to do.

        Raises:
            DeploymentError: The stack is in a state that only its owner should end.
        """
        status = self._settled(name)
        if status is None or status.state in _SOUND:
            return None
        if self._is_emulator or status.state == _NEVER_MADE:
            self.remove(name)
            return status.state
        if status.state == _REVIEW:
            way_out = "its first deployment was broken off: remove it with `sls remove`, then deploy again"
        elif status.state.endswith(_IN_PROGRESS):
            way_out = "somebody else is at work on it: wait until they are done"
        else:
            way_out = "look at its events in the CloudFormation console and mend or delete it there"
        raise DeploymentError(f"The stack {name} is in state {status.state}: {way_out}")

    def remove(self, name: str) -> None:
        """Delete a stack with what its deployment bucket holds, and wait until it is gone.

        Raises:
            DeploymentError: It did not go in time.
        """
        self._empty_bucket(name)
        self._cloudformation.delete_stack(StackName=name)
        deadline = time.monotonic() + REMOVE_DEADLINE_SECONDS
        while (status := self.find(name)) is not None:
            if status.state == "DELETE_FAILED" or time.monotonic() > deadline:
                raise DeploymentError(f"The stack {name} could not be removed: it is in state {status.state}")
            time.sleep(_POLL_SECONDS)

    def _settled(self, name: str) -> StackStatus | None:
        """Give an operation that still runs on the emulator a while to end."""
        deadline = time.monotonic() + (SETTLE_DEADLINE_SECONDS if self._is_emulator else 0)
        while True:
            status = self.find(name)
            running = status is not None and status.state.endswith(_IN_PROGRESS) and status.state != _REVIEW
            if not running or time.monotonic() >= deadline:
                return status
            time.sleep(_POLL_SECONDS)

    def _empty_bucket(self, name: str) -> None:
        from botocore.exceptions import ClientError  # noqa: PLC0415

        try:
            bucket = self._cloudformation.describe_stack_resource(
                StackName=name, LogicalResourceId="ServerlessDeploymentBucket"
            )["StackResourceDetail"]["PhysicalResourceId"]
            for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
                for content in page.get("Contents", ()):
                    self._s3.delete_object(Bucket=bucket, Key=content["Key"])
        except (ClientError, KeyError):
            return  # the creation did not come as far as the bucket


def _status(stack: "StackTypeDef") -> StackStatus:
    changed_at = stack.get("LastUpdatedTime", stack["CreationTime"])
    tags = {tag["Key"]: tag["Value"] for tag in stack.get("Tags", ())}
    return StackStatus(stack["StackName"], stack["StackStatus"], changed_at, tags)
