"""How a stage goes: all of it, in order, and nothing else."""

import contextlib
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from stagectl import aws
from stagectl.checkout import Checkout, services
from stagectl.errors import BusyError, ProtectedError, StagectlError, UsageError
from stagectl.removal import remove, stage_lock
from stagectl.removal.deletion_protection import DeletionProtection
from stagectl.removal.leftovers import Left, Leftovers
from stagectl.stacks import stack_states
from stagectl.stacks.stack_states import StackStates
from stagectl.stacks.stage import Stage
from stagectl.system import file_lock
from stagectl.targets.target import Target

from ..fakes.cloud import FakeCloud, stack

Write = Callable[[str, str], Path]
STAGE = "pr-1"
TABLE = ("Table", "AWS::DynamoDB::Table", "orders-pr-1")
POOL = ("Pool", "AWS::Cognito::UserPool", "pool-1")
FUNCTION = ("Function", "AWS::Lambda::Function", "billing-pr-1-charge")
API = ("Api", "AWS::ApiGateway::RestApi", "a1b2")
NEEDS_SHARED_INFRA = {
    "Parameters": {
        "Bus": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/shared-infra/pr-1/eventBusName"}
    }
}


class FakeAccount:
    """What stands beside the stacks: protections, parameters and log groups."""

    def __init__(self) -> None:
        self.protected: set[str] = set()
        self.parameters: set[str] = set()
        self.log_groups: set[str] = set()
        self.denied = False
        self.unreachable = False
        self.exceptions = self

    def describe_table(self, *, TableName: str) -> dict[str, Any]:  # noqa: N803 - as boto3 has it
        if self.unreachable:
            raise EndpointConnectionError(endpoint_url="https://dynamodb")
        if self.denied:
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "DescribeTable")
        return {"Table": {"DeletionProtectionEnabled": TableName in self.protected}}

    def describe_user_pool(self, *, UserPoolId: str) -> dict[str, Any]:  # noqa: N803
        return {"UserPool": {"DeletionProtection": "ACTIVE" if UserPoolId in self.protected else "INACTIVE"}}

    def get_paginator(self, operation: str) -> "FakeAccount":
        assert operation == "describe_parameters"
        return self

    def paginate(self, *, ParameterFilters: list[dict[str, Any]]) -> list[dict[str, Any]]:  # noqa: N803
        [wanted] = ParameterFilters
        assert (wanted["Key"], wanted["Option"]) == ("Name", "Contains")
        [text] = wanted["Values"]
        return [{"Parameters": [{"Name": name}]} for name in sorted(self.parameters) if text in name]

    def delete_parameter(self, *, Name: str) -> None:  # noqa: N803
        self.parameters.remove(Name)

    def delete_log_group(self, *, logGroupName: str) -> None:  # noqa: N803
        if self.unreachable:
            raise EndpointConnectionError(endpoint_url="https://logs")
        if logGroupName not in self.log_groups:
            code = "AccessDeniedException" if self.denied else "ResourceNotFoundException"
            raise ClientError({"Error": {"Code": code, "Message": "no"}}, "DeleteLogGroup")
        self.log_groups.remove(logGroupName)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack_states, "_POLL_SECONDS", 0.001)


@pytest.fixture
def account() -> FakeAccount:
    return FakeAccount()


@pytest.fixture
def take_down(checkout: Checkout, write: Write, account: FakeAccount) -> Callable[..., dict[str, str]]:
    """Take down a stage of a checkout with shared-infra and orders, which needs it."""
    write(
        "services/orders/serverless.yml",
        'service: orders\nfunctions: {place-order: {}}\nx: "{{resolve:ssm:/shared-infra/dev/a}}"',
    )

    def take(
        cloud: FakeCloud, name: str = STAGE, *, is_emulator: bool = False, jobs: int = 1
    ) -> dict[str, str]:
        target = Target("a test", dict(os.environ), is_emulator=is_emulator)
        stage = Stage(name, services.discover(checkout.root), target)
        client = cast("Any", account)
        return remove.take_down(
            checkout,
            stage,
            StackStates(cast("Any", cloud), cast("Any", cloud), is_emulator=is_emulator),
            jobs=jobs,
            protection=DeletionProtection(client, client),
            beside=Leftovers(client, client, client),
        )

    return take


def left_by(take_down: Callable[..., Any], cloud: FakeCloud) -> remove.Removal:
    with pytest.raises(remove.RemovalError) as failure:
        take_down(cloud)
    return failure.value.removal


def test_stacks_go_after_those_that_need_them(take_down: Any) -> None:
    cloud = FakeCloud(stack(STAGE, "shared-infra"), stack(STAGE, "orders"))

    assert take_down(cloud) == {"orders": "removed", "shared-infra": "removed"}
    assert cloud.deleted == ["orders-pr-1", "shared-infra-pr-1"]


def test_a_service_that_the_checkout_does_not_have_goes_first(take_down: Any) -> None:
    cloud = FakeCloud(
        stack(STAGE, "shared-infra"),
        stack(STAGE, "billing", template=NEEDS_SHARED_INFRA),
        stack(STAGE, "orders"),
    )

    assert take_down(cloud)["billing"] == "removed"
    assert cloud.deleted == ["billing-pr-1", "orders-pr-1", "shared-infra-pr-1"]


def test_what_the_checkout_does_not_know_goes_before_what_it_does(take_down: Any) -> None:
    cloud = FakeCloud(stack(STAGE, "orders"), stack(STAGE, "warehouse"), stack(STAGE, "billing"))
    take_down(cloud)

    assert cloud.deleted == ["warehouse-pr-1", "billing-pr-1", "orders-pr-1"]


def test_a_deployed_template_says_better_than_the_checkout_what_a_stack_needs(take_down: Any) -> None:
    needs_billing = {"Resources": {"Table": {"Name": "{{resolve:ssm:/billing/pr-1/a}}"}}}
    cloud = FakeCloud(stack(STAGE, "billing"), stack(STAGE, "orders", template=needs_billing))

    take_down(cloud)

    assert cloud.deleted == ["orders-pr-1", "billing-pr-1"]


def test_stacks_that_need_one_another_still_go(take_down: Any) -> None:
    def needing(other: str) -> dict[str, Any]:
        return {"Resources": {"Table": {"Name": f"{{{{resolve:ssm:/{other}/pr-1/a}}}}"}}}

    cloud = FakeCloud(
        stack(STAGE, "orders", template=needing("billing")),
        stack(STAGE, "billing", template=needing("orders")),
    )
    take_down(cloud)

    assert cloud.stacks == {}


def test_other_stages_and_other_projects_stay(take_down: Any) -> None:
    others = [
        stack("pr-1-b", "orders"),
        stack("b-pr-1", "orders"),
        stack(STAGE, "theirs", tags={"project": "another"}),
        stack(STAGE, "mistagged", tags={"service": "orders-prod"}),
    ]
    cloud = FakeCloud(stack(STAGE, "orders"), *others)

    take_down(cloud)

    assert list(cloud.stacks.values()) == others


def test_a_stack_that_only_bears_the_name_is_told_and_stays(take_down: Any) -> None:
    cloud = FakeCloud(stack(STAGE, "orders", tags={"project": "another"}))

    assert left_by(take_down, cloud).left == [
        Left(
            "stack orders-pr-1", "kept: its name is the stage's, but its tags are project another, stage pr-1"
        )
    ]
    assert cloud.deleted == []


def test_a_stage_that_is_not_there_is_a_success_that_says_so(take_down: Any) -> None:
    outcomes = take_down(FakeCloud())

    assert outcomes == {"shared-infra": "not there", "orders": "not there"}
    assert remove.Removal(outcomes).was_not_there


def test_what_no_stack_takes_with_it_goes_too(take_down: Any, account: FakeAccount) -> None:
    account.parameters = {
        "/orders/pr-1/place-order/config",
        "/billing/pr-1/key",
        "/orders/pr-10/config",
        "/orders/dev/config",
        "/another-project/pr-1/config",
    }
    account.log_groups = {
        "/aws/lambda/orders-pr-1-place-order",
        "/aws/lambda/billing-pr-1-charge",
        "/aws/lambda/orders-pr-1-b-place-order",
        "API-Gateway-Execution-Logs_a1b2/pr-1",
        "/aws/lambda/a1b2",
    }
    take_down(FakeCloud(stack(STAGE, "billing", resources=[FUNCTION, API])))

    assert account.parameters == {
        "/orders/pr-10/config",
        "/orders/dev/config",
        "/another-project/pr-1/config",
    }
    assert account.log_groups == {
        "/aws/lambda/orders-pr-1-b-place-order",
        "API-Gateway-Execution-Logs_a1b2/pr-1",
        "/aws/lambda/a1b2",
    }


def test_the_log_groups_of_all_stacks_that_only_another_branch_knows_go(
    take_down: Any, account: FakeAccount
) -> None:
    account.log_groups = {"/aws/lambda/billing-pr-1-charge", "/aws/lambda/menu-pr-1-show"}
    show = ("Show", "AWS::Lambda::Function", "menu-pr-1-show")

    take_down(
        FakeCloud(stack(STAGE, "billing", resources=[FUNCTION]), stack(STAGE, "menu", resources=[show]))
    )

    assert account.log_groups == set()


@pytest.mark.parametrize("trouble", ["denied", "unreachable"])
def test_what_could_not_be_removed_beside_the_stacks_is_listed(
    take_down: Any, account: FakeAccount, trouble: str
) -> None:
    setattr(account, trouble, True)

    [left] = left_by(take_down, FakeCloud()).left
    assert left.what == "log group /aws/lambda/orders-pr-1-place-order"


def test_a_stack_that_fails_keeps_what_it_needs_and_the_others_go(
    take_down: Any, account: FakeAccount
) -> None:
    account.parameters = {"/orders/pr-1/place-order/config"}
    cloud = FakeCloud(
        stack(STAGE, "shared-infra"),
        stack(STAGE, "orders", hindrances=["in use"] * 2),
        stack(STAGE, "billing", template=NEEDS_SHARED_INFRA),
    )

    removal = left_by(take_down, cloud)

    assert removal.outcomes == {"billing": "removed", "orders": "failed", "shared-infra": "kept"}
    assert removal.left == [
        Left(
            "stack orders-pr-1",
            "The stack orders-pr-1 could not be removed: it is in state DELETE_FAILED; "
            "Table (AWS::DynamoDB::Table): in use",
        ),
        Left("stack shared-infra-pr-1", "a stack that depends on it still exists"),
    ]
    assert account.parameters, "what is still there may read them"


def test_a_stack_that_fails_first_keeps_none_of_those_that_do_without_it(take_down: Any) -> None:
    cloud = FakeCloud(stack(STAGE, "billing", hindrances=["in use"] * 2), stack(STAGE, "orders"))

    assert left_by(take_down, cloud).outcomes == {
        "shared-infra": "not there",
        "billing": "failed",
        "orders": "removed",
    }


def test_what_waits_for_others_goes_although_one_that_it_does_not_wait_for_failed(take_down: Any) -> None:
    cloud = FakeCloud(
        stack(STAGE, "billing", hindrances=["in use"] * 2),
        stack(STAGE, "orders"),
        stack(STAGE, "shared-infra"),
    )

    assert left_by(take_down, cloud).outcomes == {
        "billing": "failed",
        "orders": "removed",
        "shared-infra": "removed",
    }


@pytest.mark.parametrize(
    "failure",
    [
        ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "DeleteStack"),
        EndpointConnectionError(endpoint_url="https://cloudformation"),
    ],
)
def test_a_stack_that_aws_does_not_delete_is_told_with_the_answer(take_down: Any, failure: Exception) -> None:
    class Refusing(FakeCloud):
        def delete_stack(self, *, StackName: str) -> None:  # noqa: N803
            raise failure

    removal = left_by(take_down, Refusing(stack(STAGE, "orders")))
    assert removal.outcomes["orders"] == "failed"
    assert removal.left == [Left("stack orders-pr-1", str(failure))]


def test_a_fault_of_this_program_is_no_failure_of_aws(take_down: Any) -> None:
    class Faulty(FakeCloud):
        def delete_stack(self, *, StackName: str) -> None:  # noqa: N803
            raise TypeError("a bug")

    with pytest.raises(TypeError):
        take_down(Faulty(stack(STAGE, "orders")))


def test_no_more_stacks_go_at_once_than_wanted(take_down: Any) -> None:
    both, met = threading.Barrier(2, timeout=0.2), []

    class Meeting(FakeCloud):
        def delete_stack(self, *, StackName: str) -> None:  # noqa: N803
            with contextlib.suppress(threading.BrokenBarrierError):
                both.wait()
                met.append(StackName)
            super().delete_stack(StackName=StackName)

    take_down(Meeting(stack(STAGE, "orders"), stack(STAGE, "billing")), jobs=1)
    assert met == []


def test_stacks_that_do_not_wait_for_one_another_go_at_once(take_down: Any) -> None:
    both = threading.Barrier(2, timeout=10)

    class Meeting(FakeCloud):
        def delete_stack(self, *, StackName: str) -> None:  # noqa: N803
            both.wait()
            super().delete_stack(StackName=StackName)

    cloud = Meeting(stack(STAGE, "orders"), stack(STAGE, "billing"))

    assert take_down(cloud, jobs=2)["billing"] == "removed"


def test_a_removal_that_is_interrupted_waits_for_nothing(take_down: Any) -> None:
    class Interrupted(FakeCloud):
        def delete_stack(self, *, StackName: str) -> None:  # noqa: N803
            self.stacks[StackName].states = ["DELETE_IN_PROGRESS"]
            os.kill(os.getpid(), signal.SIGINT)

    # In the background of a shell, the signal may be ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            take_down(Interrupted(stack(STAGE, "orders")))
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_failure_says_what_is_left_and_how_to_go_on(take_down: Any, account: FakeAccount) -> None:
    account.denied = True
    with pytest.raises(remove.RemovalError) as failure:
        take_down(FakeCloud())

    group = "/aws/lambda/orders-pr-1-place-order"
    denied = "An error occurred (AccessDeniedException) when calling the DeleteLogGroup operation: no"
    assert str(failure.value).splitlines() == [
        "Not all of stage pr-1 was removed:",
        f"  log group {group}: {denied}",
        "Fix that, then run `stagectl down --stage pr-1` again.",
    ]


def test_after_a_failure_the_next_run_goes_on(take_down: Any) -> None:
    cloud = FakeCloud(stack(STAGE, "shared-infra"), stack(STAGE, "orders", hindrances=["in use"] * 2))
    left_by(take_down, cloud)

    assert take_down(cloud) == {"orders": "removed", "shared-infra": "removed"}


def test_a_resource_that_its_template_keeps_is_listed(take_down: Any) -> None:
    removal = left_by(take_down, FakeCloud(stack(STAGE, "orders", resources=[TABLE], kept=("Table",))))

    assert removal.left == [Left("AWS::DynamoDB::Table orders-pr-1", "the template of its stack retains it")]
    assert removal.outcomes["orders"] == "removed"


@pytest.mark.parametrize(
    "state",
    ["ROLLBACK_COMPLETE", "DELETE_FAILED", "UPDATE_ROLLBACK_FAILED", "REVIEW_IN_PROGRESS", "CREATE_FAILED"],
)
def test_a_stack_goes_from_whatever_state_it_was_left_in(take_down: Any, state: str) -> None:
    cloud = FakeCloud(stack(STAGE, "orders", states=[state]))

    assert take_down(cloud)["orders"] == "removed"


def test_a_deployment_under_way_is_waited_for(take_down: Any) -> None:
    cloud = FakeCloud(stack(STAGE, "orders", states=["UPDATE_IN_PROGRESS"] * 3 + ["UPDATE_COMPLETE"]))

    assert take_down(cloud)["orders"] == "removed"


def test_a_deployment_that_does_not_end_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, take_down: Any
) -> None:
    monkeypatch.setattr(stack_states, "SETTLE_DEADLINE_ON_AWS_SECONDS", 0.0)
    cloud = FakeCloud(
        stack(STAGE, "orders", states=["UPDATE_IN_PROGRESS"]),
        stack(STAGE, "auth", states=["CREATE_IN_PROGRESS"]),
        stack(STAGE, "shared-infra"),
    )

    with pytest.raises(BusyError) as refusal:
        take_down(cloud)
    assert str(refusal.value) == (
        "Stage pr-1 is being deployed: orders-pr-1 is in state UPDATE_IN_PROGRESS, "
        "auth-pr-1 is in state CREATE_IN_PROGRESS. Nothing was removed. "
        "Wait for the deployment to end, then try again."
    )
    assert cloud.deleted == []


def test_a_local_stack_that_is_stuck_in_its_deployment_goes_all_the_same(
    monkeypatch: pytest.MonkeyPatch, take_down: Any
) -> None:
    monkeypatch.setattr(stack_states, "SETTLE_DEADLINE_SECONDS", 0.0)
    cloud = FakeCloud(stack(STAGE, "orders", states=["UPDATE_IN_PROGRESS"]))

    assert take_down(cloud, is_emulator=True)["orders"] == "removed"


def test_whoever_comes_while_a_stage_goes_is_told_so(checkout: Checkout, take_down: Any) -> None:
    said = []

    class Meeting(FakeCloud):
        def delete_stack(self, *, StackName: str) -> None:  # noqa: N803
            super().delete_stack(StackName=StackName)
            for other in (
                file_lock.hold(checkout.state / "deployment.lock", "deploying"),
                stage_lock.hold(checkout, STAGE, "testing"),
            ):
                with pytest.raises(BusyError) as refusal, other:
                    pass
                said.append("removing stage pr-1. Wait" in str(refusal.value))

    take_down(Meeting(stack(STAGE, "orders")))
    assert said == [True, True]


def test_every_stack_is_shown_with_its_outcome(take_down: Any, capsys: pytest.CaptureFixture[str]) -> None:
    take_down(FakeCloud(stack(STAGE, "orders")))

    assert "  orders  removed  0.0 s" in capsys.readouterr().err


def test_a_stack_that_comes_up_again_meanwhile_is_told(take_down: Any, account: FakeAccount) -> None:
    account.parameters = {"/shared-infra/pr-1/eventBusName", "/orders/pr-1/place-order/config"}

    class Deploying(FakeCloud):
        def delete_stack(self, *, StackName: str) -> None:  # noqa: N803
            super().delete_stack(StackName=StackName)
            self.stacks["shared-infra-pr-1"] = stack(STAGE, "shared-infra", states=["CREATE_IN_PROGRESS"])

    removal = left_by(take_down, Deploying(stack(STAGE, "orders")))
    assert removal.left == [
        Left(
            "stack shared-infra-pr-1",
            "it appeared meanwhile (CREATE_IN_PROGRESS): another process is deploying the stage",
        )
    ]
    assert removal.outcomes == {"shared-infra": "failed", "orders": "removed"}
    assert len(account.parameters) == 2, "who deploys reads them"


def test_a_stack_that_the_checkout_does_not_know_and_that_comes_up_meanwhile_is_told(
    take_down: Any, account: FakeAccount
) -> None:
    account.parameters = {"/billing/pr-1/key", "/orders/pr-1/place-order/config"}

    class Deploying(FakeCloud):
        def delete_stack(self, *, StackName: str) -> None:  # noqa: N803
            super().delete_stack(StackName=StackName)
            self.stacks["billing-pr-1"] = stack(STAGE, "billing")

    removal = left_by(take_down, Deploying(stack(STAGE, "orders")))
    assert (removal.outcomes["billing"], len(account.parameters)) == ("failed", 2)


def test_what_is_called_like_the_stages_but_goes_with_another_projects_stack_stays(
    take_down: Any, account: FakeAccount
) -> None:
    theirs = {"/orders/pr-1/place-order/config"}
    group = "/aws/lambda/orders-pr-1-place-order"
    account.parameters = theirs | {"/shared-infra/pr-1/eventBusName"}
    account.log_groups = {group}

    left_by(take_down, FakeCloud(stack(STAGE, "orders", tags={"project": "another"})))

    assert (account.parameters, account.log_groups) == (theirs, {group})


def test_a_stack_that_is_deployed_again_right_after_it_went_is_told(
    take_down: Any, account: FakeAccount
) -> None:
    account.parameters = {"/orders/pr-1/place-order/config"}

    class Deploying(FakeCloud):
        def delete_stack(self, *, StackName: str) -> None:  # noqa: N803
            super().delete_stack(StackName=StackName)
            self.stacks["orders-pr-1"] = stack(
                STAGE, "orders", states=["DELETE_COMPLETE", "REVIEW_IN_PROGRESS"]
            )

    removal = left_by(take_down, Deploying(stack(STAGE, "orders")))
    assert (removal.outcomes["orders"], len(account.parameters)) == ("failed", 1)


@pytest.mark.parametrize(
    "name", ["dev", "staging", "prod", "Prod", " PROD ", "p-r-o-d", "\uff50\uff52\uff4f\uff44", "Sta ging"]
)
def test_stages_that_others_live_on_are_refused_by_any_spelling(take_down: Any, name: str) -> None:
    cloud = FakeCloud(stack(name, "orders"))

    with pytest.raises(UsageError) as refusal:
        take_down(cloud, name)
    assert str(refusal.value) == (
        f"Stage {name} is permanent: stagectl does not remove it. "
        "To remove it all the same, run `sls remove` in each folder."
    )
    assert cloud.deleted == []


@pytest.mark.parametrize(
    ("protected", "way_out"),
    [
        (TABLE, "aws dynamodb update-table --no-deletion-protection-enabled --table-name orders-pr-1"),
        (POOL, "the user pool pool-1"),
    ],
)
def test_a_stage_with_something_protected_is_refused_before_anything_goes(
    take_down: Any, account: FakeAccount, protected: tuple[str, str, str], way_out: str
) -> None:
    account.protected = {protected[2]}
    account.parameters = {"/orders/pr-1/place-order/config"}
    cloud = FakeCloud(stack(STAGE, "shared-infra", resources=[protected]), stack(STAGE, "orders"))

    with pytest.raises(ProtectedError, match=way_out):
        take_down(cloud)
    assert (cloud.deleted, len(account.parameters)) == ([], 1)


def test_a_stack_with_termination_protection_is_refused_before_anything_goes(take_down: Any) -> None:
    cloud = FakeCloud(stack(STAGE, "shared-infra", is_protected=True), stack(STAGE, "orders"))

    with pytest.raises(
        ProtectedError, match="--no-enable-termination-protection --stack-name shared-infra-pr-1"
    ):
        take_down(cloud)
    assert cloud.deleted == []


@pytest.mark.parametrize("trouble", ["denied", "unreachable"])
def test_nothing_goes_while_nobody_can_tell_whether_it_is_protected(
    take_down: Any, account: FakeAccount, trouble: str
) -> None:
    setattr(account, trouble, True)
    cloud = FakeCloud(stack(STAGE, "orders", resources=[TABLE]))

    with pytest.raises(StagectlError, match="it cannot be told whether orders-pr-1"):
        take_down(cloud)
    assert cloud.deleted == []


def test_nothing_goes_while_the_suite_runs_on_the_stage(checkout: Checkout, take_down: Any) -> None:
    cloud = FakeCloud(stack(STAGE, "orders"))

    with (
        stage_lock.hold(checkout, STAGE, "testing stage pr-1"),
        pytest.raises(BusyError, match="testing stage"),
    ):
        take_down(cloud)
    assert cloud.deleted == []


def test_nothing_goes_while_the_checkout_deploys(checkout: Checkout, take_down: Any) -> None:
    cloud = FakeCloud(stack(STAGE, "orders"))

    deploying = file_lock.hold(checkout.state / "deployment.lock", "deploying stage pr-1")
    with deploying, pytest.raises(BusyError, match="deploying stage"):
        take_down(cloud)
    assert cloud.deleted == []


def test_who_may_not_list_stacks_still_removes_those_of_the_checkout(take_down: Any) -> None:
    cloud = FakeCloud(stack(STAGE, "orders"), stack(STAGE, "billing"))
    cloud.denied = {"list_stacks"}

    take_down(cloud)

    assert list(cloud.stacks) == ["billing-pr-1"]


class FakeSession:
    def client(self, service: str) -> str:
        return f"client of {service}"


def test_a_removal_works_on_the_target_that_was_entered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws, "session", FakeSession)

    protection, beside = vars(DeletionProtection.here()), vars(Leftovers.here())
    assert (protection["_dynamodb"], protection["_cognito"]) == (
        "client of dynamodb",
        "client of cognito-idp",
    )
    assert beside == {
        "_ssm": "client of ssm",
        "_logs": "client of logs",
        "_gateway": "client of apigateway",
    }
