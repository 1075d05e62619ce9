from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from stagectl.stacks.stack_reader import StackReader
from stagectl.stacks.stack_status import StackStatus

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


class FakeCloudFormation:
    """Knows one stack, and what happened to it, the newest first."""

    def __init__(self, stack: dict[str, Any] | None, *events: tuple[str, str, str, str | None]) -> None:
        self._stack = stack
        names = ("LogicalResourceId", "ResourceType", "ResourceStatus", "ResourceStatusReason")
        self._events = [dict(zip(names, event, strict=True)) for event in events]

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803 - as boto3 calls it
        if self._stack is None:
            raise ClientError({"Error": {"Message": f"Stack {StackName} does not exist"}}, "DescribeStacks")
        return {"Stacks": [{"StackName": StackName, **self._stack}]}

    def get_paginator(self, _name: str) -> Any:
        return SimpleNamespace(paginate=lambda **_: [{"StackEvents": self._events}])


def reader(*given: Any) -> StackReader:
    fake: Any = FakeCloudFormation(*given)
    return StackReader(fake)


def test_a_stack_says_where_it_comes_from() -> None:
    tags = [{"Key": "commit", "Value": "abc"}]
    found = reader({"StackStatus": "CREATE_COMPLETE", "CreationTime": NOON, "Tags": tags}).find("orders-x")

    assert found == StackStatus("orders-x", "CREATE_COMPLETE", NOON, {"commit": "abc"})
    assert found.commit == "abc"
    assert not found.is_broken


@pytest.mark.parametrize("stack", [None, {"StackStatus": "DELETE_COMPLETE", "CreationTime": NOON}])
def test_a_stack_that_is_gone_is_not_found(stack: dict[str, Any] | None) -> None:
    assert reader(stack).find("orders-x") is None


def test_the_cause_is_what_failed_first_in_the_last_operation() -> None:
    stack_type = "AWS::CloudFormation::Stack"
    broken = reader(
        {"StackStatus": "UPDATE_ROLLBACK_COMPLETE", "CreationTime": NOON},
        ("orders-x", stack_type, "UPDATE_ROLLBACK_COMPLETE", None),
        ("Queue", "AWS::SQS::Queue", "CREATE_FAILED", "Resource creation cancelled"),
        ("Table", "AWS::DynamoDB::Table", "UPDATE_FAILED", "no such key"),
        ("orders-x", stack_type, "UPDATE_IN_PROGRESS", "User Initiated"),
        ("Table", "AWS::DynamoDB::Table", "CREATE_FAILED", "long ago"),
    )
    found = broken.find("orders-x")

    assert found is not None
    assert found.is_broken
    assert broken.first_failure("orders-x") == "Table: no such key"
