"""What is done about half-made stacks, and how a stack goes."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from stagectl.errors import DeploymentError
from stagectl.stacks import stack_states
from stagectl.stacks.stack_states import StackStates
from stagectl.stacks.stack_status import REVIEW_GRACE_SECONDS

from ..fakes import cloud as fake_cloud
from ..fakes.cloud import FakeCloud, Stack

BUCKET = ("Bucket", "AWS::S3::Bucket", "artifacts")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack_states, "_POLL_SECONDS", 0.001)
    monkeypatch.setattr(stack_states, "SETTLE_DEADLINE_SECONDS", 0.1)


def on_emulator(cloud: FakeCloud) -> StackStates:
    return StackStates(cast("Any", cloud), cast("Any", cloud), is_emulator=True)


def on_aws(cloud: FakeCloud) -> StackStates:
    return StackStates(cast("Any", cloud), cast("Any", cloud), is_emulator=False)


def cloud_with(*states: str, name: str = "orders-pr-1", **attributes: Any) -> FakeCloud:
    return FakeCloud(Stack(name, list(states), **attributes))


both_places = pytest.mark.parametrize("make", [on_emulator, on_aws])


@pytest.mark.parametrize(
    ("state", "unfinished"),
    [
        ("CREATE_COMPLETE", True),
        ("UPDATE_ROLLBACK_COMPLETE", True),
        ("UPDATE_COMPLETE", False),
    ],
)
def test_a_stack_tells_whether_its_last_deployment_came_to_its_end(state: str, unfinished: bool) -> None:
    assert on_aws(cloud_with(state)).is_unfinished("orders-pr-1") is unfinished


def test_a_stack_that_is_not_there_is_not_unfinished() -> None:
    assert not on_aws(FakeCloud()).is_unfinished("orders-pr-1")


@both_places
@pytest.mark.parametrize("state", ["CREATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "DELETE_COMPLETE"])
def test_a_sound_stack_is_left_alone(make: Any, state: str) -> None:
    cloud = cloud_with(state)

    assert make(cloud).make_deployable("orders-pr-1") is None
    assert cloud.deleted == []


@both_places
def test_a_stack_that_is_not_there_is_fine(make: Any) -> None:
    assert make(FakeCloud()).make_deployable("orders-pr-1") is None


@both_places
@pytest.mark.parametrize("state", ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"])
def test_what_never_came_to_be_or_half_went_is_removed(make: Any, state: str) -> None:
    cloud = cloud_with(state)

    assert make(cloud).make_deployable("orders-pr-1") == state
    assert cloud.stacks == {}


def test_a_permanent_stages_half_deleted_stack_is_its_owners() -> None:
    cloud = cloud_with("DELETE_FAILED", name="orders-prod")

    with pytest.raises(DeploymentError, match="DELETE_FAILED"):
        on_aws(cloud).make_deployable("orders-prod")
    assert cloud.deleted == []


@pytest.mark.parametrize("state", ["UPDATE_FAILED", "CREATE_IN_PROGRESS", "UPDATE_ROLLBACK_FAILED"])
def test_on_the_emulator_whatever_is_half_made_is_removed_with_its_uploads(state: str) -> None:
    cloud = cloud_with(state, resources=[BUCKET])
    cloud.buckets["artifacts"] = ["a", "b"]

    assert on_emulator(cloud).make_deployable("orders-pr-1") == state
    assert (cloud.stacks, cloud.buckets["artifacts"]) == ({}, [])


@both_places
def test_an_operation_that_ends_is_waited_for(make: Any) -> None:
    cloud = cloud_with("UPDATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE")

    assert make(cloud).make_deployable("orders-pr-1") is None
    assert cloud.stacks["orders-pr-1"].states == ["UPDATE_COMPLETE"]


def test_a_first_deployment_that_was_just_begun_is_not_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fake_cloud, "CREATED", datetime.now(UTC))
    cloud = cloud_with("REVIEW_IN_PROGRESS", "REVIEW_IN_PROGRESS", "CREATE_COMPLETE")

    assert on_aws(cloud).make_deployable("orders-pr-1") is None
    assert cloud.deleted == []


@both_places
def test_a_first_deployment_that_was_broken_off_is_removed(
    monkeypatch: pytest.MonkeyPatch, make: Any
) -> None:
    before = datetime.now(UTC) - timedelta(seconds=REVIEW_GRACE_SECONDS + 1)
    monkeypatch.setattr(fake_cloud, "CREATED", before)

    assert make(cloud_with("REVIEW_IN_PROGRESS")).make_deployable("orders-pr-1") == "REVIEW_IN_PROGRESS"


@pytest.mark.parametrize(
    ("state", "way_out"),
    [
        ("UPDATE_IN_PROGRESS", "Wait until it is done"),
        ("UPDATE_ROLLBACK_FAILED", "aws cloudformation continue-update-rollback --stack-name orders-pr-1"),
        ("UPDATE_FAILED", "describe-stack-events --stack-name orders-pr-1"),
    ],
)
def test_on_aws_other_states_are_reported_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch, state: str, way_out: str
) -> None:
    monkeypatch.setattr(stack_states, "SETTLE_DEADLINE_ON_AWS_SECONDS", 0.0)
    cloud = cloud_with(state)

    with pytest.raises(DeploymentError, match=way_out):
        on_aws(cloud).make_deployable("orders-pr-1")
    assert cloud.deleted == []


def test_all_buckets_of_a_stack_are_emptied_before_it_goes() -> None:
    cloud = cloud_with("CREATE_COMPLETE", resources=[BUCKET, ("Assets", "AWS::S3::Bucket", "assets")])
    cloud.buckets |= {"artifacts": ["a"], "assets": ["b", "c"]}

    assert on_aws(cloud).remove("orders-pr-1") == []
    assert (cloud.stacks, cloud.deleted) == ({}, ["orders-pr-1"])


def test_a_deletion_that_fails_once_is_tried_again() -> None:
    cloud = cloud_with("CREATE_COMPLETE", hindrances=["in use"])

    on_aws(cloud).remove("orders-pr-1")

    assert cloud.deleted == ["orders-pr-1", "orders-pr-1"]


def test_a_stack_that_does_not_go_is_reported_with_what_keeps_it() -> None:
    cloud = cloud_with("CREATE_COMPLETE", hindrances=["in use", "in use"])

    with pytest.raises(DeploymentError, match=r"DELETE_FAILED; Table \(AWS::DynamoDB::Table\): in use"):
        on_aws(cloud).remove("orders-pr-1")


def test_what_a_template_tells_to_keep_is_told() -> None:
    table = ("OrdersTable", "AWS::DynamoDB::Table", "orders-pr-1")
    cloud = cloud_with("CREATE_COMPLETE", resources=[table], kept=("OrdersTable",))

    assert on_aws(cloud).remove("orders-pr-1") == ["AWS::DynamoDB::Table orders-pr-1"]


def test_a_retained_version_is_gone_with_its_function() -> None:
    version = ("GetVersion1", "AWS::Lambda::Version", "arn:function:notes-pr-1-get:1")
    cloud = cloud_with("CREATE_COMPLETE", resources=[version], kept=("GetVersion1",))

    assert on_aws(cloud).remove("orders-pr-1") == []


def test_who_may_not_look_at_all_stacks_sees_those_that_he_may() -> None:
    cloud = FakeCloud(Stack("orders-pr-1"), Stack("secret"))
    cloud.denied = {"describe_stacks", "look at secret"}

    assert [status.name for status in on_aws(cloud).all()] == ["orders-pr-1"]


def test_waiting_ends_when_the_command_is_interrupted() -> None:
    states = on_aws(cloud_with("UPDATE_IN_PROGRESS"))
    threading.Timer(0.05, states.stop_waiting).start()

    with pytest.raises(DeploymentError, match="Interrupted"):
        states.make_deployable("orders-pr-1")
