"""What is found to be protected before anything of a stage is removed, and how to turn that off."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from stagectl import aws
from stagectl.errors import ProtectedError, StagectlError
from stagectl.removal.deletion_protection import DeletionProtection
from stagectl.stacks.stack_states import StackStates

from ..fakes.cloud import FakeCloud, Stack, stack

Answer = Callable[[str], dict[str, Any]]
TABLE = ("Table", "AWS::DynamoDB::Table", "orders-pr-1")
POOL = ("Pool", "AWS::Cognito::UserPool", "pool-1")
FUNCTION = ("Function", "AWS::Lambda::Function", "orders-pr-1-place-order")


class Tables:
    """DynamoDB, as far as it says whether a table is protected."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def describe_table(self, *, TableName: str) -> dict[str, Any]:  # noqa: N803 - as boto3 has it
        return {"Table": self._answer(TableName)}


class Pools:
    """Cognito, as far as it says whether a user pool is protected."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def describe_user_pool(self, *, UserPoolId: str) -> dict[str, Any]:  # noqa: N803
        return {"UserPool": self._answer(UserPoolId)}


def nothing(_: str) -> dict[str, Any]:
    return {}


def check(*stacks: Stack, table: Answer = nothing, pool: Answer = nothing) -> None:
    """Look for what is protected in the stacks of a stage."""
    cloud: Any = FakeCloud(*stacks)
    states = StackStates(cloud, cloud, is_emulator=False)
    tables: Any = Tables(table)
    pools: Any = Pools(pool)
    found = [status for one in stacks if (status := states.find(one.name))]
    DeletionProtection(tables, pools).check(states, found)


def failing(error: Exception) -> Answer:
    def fail(_: str) -> dict[str, Any]:
        raise error

    return fail


def test_all_that_is_protected_is_told_with_how_to_lift_it() -> None:
    with pytest.raises(ProtectedError) as refusal:
        check(
            stack("pr-1", "shared-infra", is_protected=True, resources=[POOL]),
            stack("pr-1", "orders", resources=[FUNCTION, TABLE]),
            table=lambda name: {"DeletionProtectionEnabled": name == "orders-pr-1"},
            pool=lambda pool_id: {"DeletionProtection": "ACTIVE" if pool_id == "pool-1" else "INACTIVE"},
        )

    assert str(refusal.value).splitlines() == [
        "Nothing was removed, since these have deletion protection:",
        (
            "  the stack shared-infra-pr-1. Turn it off: aws cloudformation update-termination-protection "
            "--no-enable-termination-protection --stack-name shared-infra-pr-1"
        ),
        (
            "  the user pool pool-1. Turn it off in the Cognito console: update-user-pool resets all "
            "settings that it is not passed"
        ),
        (
            "  the table orders-pr-1. Turn it off: aws dynamodb update-table "
            "--no-deletion-protection-enabled --table-name orders-pr-1"
        ),
    ]


def test_what_is_not_protected_is_fine() -> None:
    check(
        stack("pr-1", "orders", resources=[TABLE, POOL, FUNCTION]),
        table=lambda _: {"DeletionProtectionEnabled": False},
        pool=lambda _: {"DeletionProtection": "INACTIVE"},
    )


def test_what_says_nothing_of_protection_is_not_protected() -> None:
    check(stack("pr-1", "orders", resources=[TABLE, POOL]))


def test_what_is_gone_already_is_not_protected() -> None:
    gone = ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "DescribeTable")

    check(stack("pr-1", "orders", resources=[TABLE, POOL]), table=failing(gone), pool=failing(gone))


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "DescribeTable"),
        ClientError({"Error": {"Code": "ThrottlingException", "Message": "later"}}, "DescribeTable"),
        EndpointConnectionError(endpoint_url="https://dynamodb"),
    ],
)
def test_what_cannot_be_asked_ends_the_removal(error: Exception) -> None:
    with pytest.raises(StagectlError) as refusal:
        check(stack("pr-1", "orders", resources=[TABLE]), table=failing(error))

    assert str(refusal.value) == (
        "Nothing was removed, as it cannot be told whether orders-pr-1 (AWS::DynamoDB::Table) is protected "
        f"against deletion: {error}"
    )


def test_the_target_that_was_entered_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    clients = {
        "dynamodb": Tables(lambda _: {"DeletionProtectionEnabled": True}),
        "cognito-idp": Pools(lambda _: {"DeletionProtection": "ACTIVE"}),
    }
    monkeypatch.setattr(aws, "session", lambda: SimpleNamespace(client=clients.__getitem__))
    cloud: Any = FakeCloud(stack("pr-1", "orders", resources=[TABLE, POOL]))
    states = StackStates(cloud, cloud, is_emulator=False)
    found = states.find("orders-pr-1")
    assert found is not None

    with pytest.raises(ProtectedError, match=r"table orders-pr-1\.(.|\n)*user pool pool-1\."):
        DeletionProtection.here().check(states, [found])
