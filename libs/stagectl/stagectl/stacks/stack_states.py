"""The states of CloudFormation stacks, and what to do about a half-made one before it is deployed again."""

import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Self

from stagectl import aws
from stagectl.errors import DeploymentError
from stagectl.stacks import buckets
from stagectl.stacks.stack_reader import STACK_TYPE, StackReader
from stagectl.stacks.stack_status import DELETING, IN_PROGRESS, REVIEW, StackStatus
from stagectl.targets import stage_name
from stagectl.targets.target import Target
from stagectl.terminal import console

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.client import CloudFormationClient
    from mypy_boto3_s3.client import S3Client

SETTLE_DEADLINE_SECONDS = 20.0
"""How long an operation that is under way on the emulator may take to end."""
SETTLE_DEADLINE_ON_AWS_SECONDS = 1800.0
"""The same on AWS, where shifting traffic step by step takes ten minutes of it."""
REMOVE_DEADLINE_SECONDS = 120.0
REMOVE_DEADLINE_ON_AWS_SECONDS = 1800.0
_POLL_SECONDS = 0.2
_SLOWEST_POLL_SECONDS = 3.0
_SLOWING = 1.3
_DELETE_FAILED = "DELETE_FAILED"
_BUCKET_TYPE = "AWS::S3::Bucket"
_VERSION_TYPE = "AWS::Lambda::Version"
"""What sls retains at an update; with its function it is gone."""
_SOUND = frozenset(
    {
        "CREATE_COMPLETE",
        "UPDATE_COMPLETE",
        "UPDATE_ROLLBACK_COMPLETE",
        "IMPORT_COMPLETE",
        "IMPORT_ROLLBACK_COMPLETE",
    }
)
_UNFINISHED = frozenset({"CREATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"})
_NEVER_MADE = frozenset({"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", REVIEW})
"""States of a stack whose creation failed: it cannot be updated, only created again."""
_DELETION_ATTEMPTS = 2


class StackStates(StackReader):
    """Reads, repairs and removes stacks, and waits for what is under way.

    Args:
        cloudformation: Client of its target.
        s3: Client of the same target.
        is_emulator: Whether nothing of value can be there, so that whatever is half made may be removed.
    """

    def __init__(self, cloudformation: "CloudFormationClient", s3: "S3Client", *, is_emulator: bool) -> None:
        super().__init__(cloudformation)
        self._s3 = s3
        self._is_emulator = is_emulator
        self._stopped = threading.Event()

    @classmethod
    def of(cls, target: Target) -> Self:
        """Return the stacks of a target that has been entered."""
        session = aws.session()
        clients = session.client("cloudformation"), session.client("s3")
        return cls(*clients, is_emulator=target.is_emulator)

    def stop_waiting(self) -> None:
        """Stop all waiting for stacks, in every thread."""
        self._stopped.set()

    def is_unfinished(self, name: str) -> bool:
        """Return whether a stack's last deployment did not complete.

        sls makes a stack with nothing but a bucket and then updates it; so one that came to its end has been
        updated.
        """
        status = self.find(name)
        return status is not None and status.state in _UNFINISHED

    def make_deployable(self, name: str) -> str | None:
        """Remove a stack that an earlier, interrupted or failed creation or removal left behind.

        An operation that is under way is waited for: a broken-off deployment may have begun it.

        Returns:
            The state it was removed in, or None when there was nothing to do.

        Raises:
            DeploymentError: The stack is in a state that a person must resolve.
        """
        status = self.settled(name)
        if status is None or status.state in _SOUND:
            return None
        may_go = status.state in _NEVER_MADE or (
            status.state == _DELETE_FAILED
            and not stage_name.is_permanent(status.tags.get("stage") or name.rpartition("-")[2])
        )
        if self._is_emulator or may_go:
            self.remove(name)
            return status.state
        raise DeploymentError(f"The stack {name} is in state {status.state}: {_way_out(name, status.state)}")

    def settled(self, name: str) -> StackStatus | None:
        """Return the state of a stack once no operation is in progress, or after a deadline."""
        seconds = SETTLE_DEADLINE_SECONDS if self._is_emulator else SETTLE_DEADLINE_ON_AWS_SECONDS
        deadline = time.monotonic() + seconds
        told = self._is_emulator
        for _ in self._looks():
            status = self.find(name)
            running = status is not None and (self._is_settling(status) or status.state == DELETING)
            if not running or time.monotonic() >= deadline:
                return status
            if status and not told:
                console.say(f"  {name} is in state {status.state}: waiting for the operation to end")
                told = True
        raise DeploymentError("Interrupted")

    def _is_settling(self, status: StackStatus) -> bool:
        # Only this machine changes a local stage, so an operation that does not end has no owner.
        return status.is_changing and not (self._is_emulator and status.state == REVIEW)

    def remove(self, name: str) -> list[str]:
        """Delete a stack with what its buckets hold, and wait until it is gone.

        A failed deletion is tried once more, since what blocked it may be gone.

        Returns:
            What the stack's template told to keep, as `type name`.

        Raises:
            DeploymentError: It was not deleted in time; the message says why.
        """
        status = self.find(name)
        if status is None:
            return []
        state: str | None = _DELETE_FAILED
        for _ in range(_DELETION_ATTEMPTS):
            for resource in self.resources(name):
                if resource.type == _BUCKET_TYPE:
                    buckets.empty(self._s3, resource.physical_id)
            self._cloudformation.delete_stack(StackName=name)
            state = self._deleted(name)
            if state != _DELETE_FAILED:
                break
        if state is None:
            return self._skipped(status.stack_id or name)
        raise DeploymentError(f"The stack {name} could not be removed: {self._hindrance(name, state)}")

    def _deleted(self, name: str) -> str | None:
        """Wait for a deletion; return None, or the state that the stack ended in."""
        seconds = REMOVE_DEADLINE_SECONDS if self._is_emulator else REMOVE_DEADLINE_ON_AWS_SECONDS
        deadline = time.monotonic() + seconds
        for _ in self._looks():
            status = self.find(name)
            if status is None:
                return None
            if status.state == _DELETE_FAILED or time.monotonic() > deadline:
                return status.state
        raise DeploymentError("Interrupted")

    def _looks(self) -> Iterator[None]:
        """Yield at growing intervals, until the waiting is stopped."""
        pause = _POLL_SECONDS
        while not self._stopped.is_set():
            yield
            self._stopped.wait(pause)
            pause = min(pause * _SLOWING, _SLOWEST_POLL_SECONDS)

    def _skipped(self, stack_id: str) -> list[str]:
        return [
            f"{event['ResourceType']} {event.get('PhysicalResourceId', event['LogicalResourceId'])}"
            for event in self._last_operation(stack_id)
            if event.get("ResourceStatus") == "DELETE_SKIPPED"
            and event.get("PhysicalResourceId")
            and event["ResourceType"] != _VERSION_TYPE
        ]

    def _hindrance(self, name: str, state: str) -> str:
        reasons = [
            f"{event['LogicalResourceId']} ({event['ResourceType']}): {event['ResourceStatusReason']}"
            for event in self._last_operation(name)
            if event.get("ResourceStatus") == _DELETE_FAILED
            and event.get("ResourceStatusReason")
            and event["ResourceType"] != STACK_TYPE
        ]
        return "; ".join([f"it is in state {state}", *dict.fromkeys(reversed(reasons))])


def _way_out(name: str, state: str) -> str:
    if state.endswith(IN_PROGRESS):
        return "another process is changing it. Wait until it is done, then try again."
    events = f"`aws cloudformation describe-stack-events --stack-name {name}` says why"
    if state == "UPDATE_ROLLBACK_FAILED":
        return (
            f"{events}. Fix that, run `aws cloudformation continue-update-rollback --stack-name {name}` "
            "and deploy again. If its data is not needed, run `stagectl down` and deploy again."
        )
    return f"{events}. Repair or delete the stack, then deploy again."
