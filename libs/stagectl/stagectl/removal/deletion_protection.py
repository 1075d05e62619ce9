"""Deletion protection, found before anything is deleted."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from stagectl import aws
from stagectl.aws import refusals
from stagectl.errors import ProtectedError, StagectlError
from stagectl.stacks.stack_states import StackStates
from stagectl.stacks.stack_status import Resource, StackStatus

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.client import CognitoIdentityProviderClient
    from mypy_boto3_dynamodb.client import DynamoDBClient


class DeletionProtection:
    """Finds resources with deletion protection.

    Args:
        dynamodb: Client of its target.
        cognito: Client of the same target.
    """

    def __init__(self, dynamodb: "DynamoDBClient", cognito: "CognitoIdentityProviderClient") -> None:
        self._dynamodb = dynamodb
        self._cognito = cognito
        self._by_type: dict[str, Callable[[str], str | None]] = {
            "AWS::DynamoDB::Table": self._table,
            "AWS::Cognito::UserPool": self._user_pool,
        }

    @classmethod
    def here(cls) -> "DeletionProtection":
        """Return the one of the target that has been entered."""
        session = aws.session()
        return cls(session.client("dynamodb"), session.client("cognito-idp"))

    def check(self, states: StackStates, stacks: Iterable[StackStatus]) -> None:
        """Raise when a stack, or a resource of one, has deletion protection.

        Raises:
            ProtectedError: One has; the message names it and how to turn the protection off.
            StagectlError: It cannot be found out.
        """
        found = []
        for stack in stacks:
            if stack.is_protected:
                found.append(
                    f"the stack {stack.name}. Turn it off: aws cloudformation update-termination-protection "
                    f"--no-enable-termination-protection --stack-name {stack.name}"
                )
            found += [text for one in states.resources(stack.name) if (text := self._look(one))]
        if found:
            raise ProtectedError(
                "\n  ".join(["Nothing was removed, since these have deletion protection:", *found])
            )

    def _look(self, resource: Resource) -> str | None:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - comes with boto3, see aws.py

        ask = self._by_type.get(resource.type)
        try:
            return ask(resource.physical_id) if ask else None
        except (BotoCoreError, ClientError) as error:
            if refusals.is_missing(error):
                return None
            raise StagectlError(
                f"Nothing was removed, as it cannot be told whether {resource.physical_id} "
                f"({resource.type}) is protected against deletion: {error}"
            ) from error

    def _table(self, name: str) -> str | None:
        if not self._dynamodb.describe_table(TableName=name)["Table"].get("DeletionProtectionEnabled"):
            return None
        return (
            f"the table {name}. Turn it off: aws dynamodb update-table --no-deletion-protection-enabled "
            f"--table-name {name}"
        )

    def _user_pool(self, pool_id: str) -> str | None:
        pool = self._cognito.describe_user_pool(UserPoolId=pool_id)["UserPool"]
        if pool.get("DeletionProtection") != "ACTIVE":
            return None
        return (
            f"the user pool {pool_id}. Turn it off in the Cognito console: update-user-pool resets all "
            "settings that it is not passed"
        )
