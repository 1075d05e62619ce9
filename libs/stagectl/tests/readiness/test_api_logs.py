from typing import TYPE_CHECKING, cast

import pytest

from stagectl.readiness.api_logs import examine
from stagectl.readiness.finding import Level

if TYPE_CHECKING:
    from mypy_boto3_apigateway.client import APIGatewayClient


class FakeGateway:
    """An account with or without a role for API Gateway's logs."""

    def __init__(self, role: str) -> None:
        self._role = role

    def get_account(self) -> dict[str, str]:
        return {"cloudwatchRoleArn": self._role} if self._role else {}


@pytest.mark.parametrize(
    ("role", "are_wanted", "level"),
    [("", True, Level.FAIL), ("arn:role", True, Level.OK), ("", False, Level.OK)],
)
def test_access_logs_need_a_role_of_the_account(role: str, are_wanted: bool, level: Level) -> None:
    [finding] = examine(cast("APIGatewayClient", FakeGateway(role)), are_wanted=are_wanted)
    assert finding.level == level
    assert bool(finding.way_out) == (level is Level.FAIL)
