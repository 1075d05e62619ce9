from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from stagectl import stack_states
from stagectl.errors import DeploymentError
from stagectl.stack_states import StackStates


class FakeCloud:
    """CloudFormation and S3 with one stack; each look sees its next state, and the last one stays."""

    def __init__(self, *states: str, objects: int = 0, deletable: bool = True) -> None:
        self.states = list(states)
        self.objects = [f"object-{number}" for number in range(objects)]
        self.deletable = deletable

    def describe_stacks(self, *, StackName: str) -> dict[str, Any]:  # noqa: N803 - as boto3 has it
        if not self.states:
            message = f"Stack with id {StackName} does not exist"
            raise ClientError({"Error": {"Code": "ValidationError", "Message": message}}, "DescribeStacks")
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        created = datetime(2026, 1, 31, tzinfo=UTC)
        return {"Stacks": [{"StackName": StackName, "StackStatus": state, "CreationTime": created}]}

    def describe_stack_resource(self, **_names: str) -> dict[str, Any]:
        return {"StackResourceDetail": {"PhysicalResourceId": "bucket"}}

    def delete_stack(self, **_names: str) -> None:
        assert not self.objects, "a bucket that is not empty cannot be deleted"
        self.states = [] if self.deletable else ["DELETE_IN_PROGRESS", "DELETE_FAILED"]

    def get_paginator(self, _operation: str) -> "FakeCloud":
        return self

    def paginate(self, **_names: str) -> Iterator[dict[str, Any]]:
        yield {"Contents": [{"Key": key} for key in self.objects]} if self.objects else {}

    def delete_object(self, *, Bucket: str, Key: str) -> None:  # noqa: N803
        assert Bucket == "bucket"
        self.objects.remove(Key)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack_states, "_POLL_SECONDS", 0.001)
    monkeypatch.setattr(stack_states, "SETTLE_DEADLINE_SECONDS", 0.1)


def on_emulator(cloud: FakeCloud) -> StackStates:
    return StackStates(cast("Any", cloud), cast("Any", cloud), is_emulator=True)


def on_aws(cloud: FakeCloud) -> StackStates:
    return StackStates(cast("Any", cloud), cast("Any", cloud), is_emulator=False)


@pytest.mark.parametrize("make", [on_emulator, on_aws])
@pytest.mark.parametrize(
    "states", [(), ("CREATE_COMPLETE",), ("UPDATE_ROLLBACK_COMPLETE",), ("DELETE_COMPLETE",)]
)
def test_a_sound_or_missing_stack_is_left_alone(make: Any, states: tuple[str, ...]) -> None:
    cloud = FakeCloud(*states)

    assert make(cloud).make_deployable("orders-dev") is None
    assert tuple(cloud.states) == states


@pytest.mark.parametrize("make", [on_emulator, on_aws])
def test_a_creation_that_was_rolled_back_is_removed(make: Any) -> None:
    cloud = FakeCloud("ROLLBACK_COMPLETE")

    assert make(cloud).make_deployable("orders-dev") == "ROLLBACK_COMPLETE"
    assert cloud.states == []


@pytest.mark.parametrize(
    "state", ["CREATE_FAILED", "REVIEW_IN_PROGRESS", "UPDATE_FAILED", "CREATE_IN_PROGRESS"]
)
def test_on_the_emulator_whatever_is_half_made_is_removed_with_its_uploads(state: str) -> None:
    cloud = FakeCloud(state, objects=3)

    assert on_emulator(cloud).make_deployable("orders-dev") == state
    assert (cloud.states, cloud.objects) == ([], [])


def test_on_the_emulator_an_operation_that_ends_is_waited_for() -> None:
    cloud = FakeCloud("UPDATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE")

    assert on_emulator(cloud).make_deployable("orders-dev") is None
    assert cloud.states == ["UPDATE_COMPLETE"]


@pytest.mark.parametrize(
    ("state", "way_out"),
    [
        ("UPDATE_IN_PROGRESS", "wait until they are done"),
        ("REVIEW_IN_PROGRESS", "sls remove"),
        ("UPDATE_ROLLBACK_FAILED", "CloudFormation console"),
    ],
)
def test_on_aws_other_states_are_reported_with_the_way_out(state: str, way_out: str) -> None:
    cloud = FakeCloud(state)

    with pytest.raises(DeploymentError, match=way_out):
        on_aws(cloud).make_deployable("orders-dev")
    assert cloud.states == [state]


def test_a_stack_that_does_not_go_is_reported() -> None:
    with pytest.raises(DeploymentError, match="DELETE_FAILED"):
        on_emulator(FakeCloud("CREATE_FAILED", deletable=False)).make_deployable("orders-dev")
