"""Check whether API Gateway may write access logs in an account."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stagectl.readiness.finding import Finding, Level

if TYPE_CHECKING:
    from mypy_boto3_apigateway.client import APIGatewayClient

_SUBJECT = "access logs"


def examine(gateway: "APIGatewayClient", *, are_wanted: bool) -> Iterator[Finding]:
    """Yield a finding about the role by which API Gateway logs; it refuses access logs without one.

    Args:
        gateway: API Gateway's client of the stage's account and region.
        are_wanted: Whether the stage has access logs.
    """
    if not are_wanted:
        yield Finding(Level.OK, _SUBJECT, "off on this stage")
    elif role := gateway.get_account().get("cloudwatchRoleArn"):
        yield Finding(Level.OK, _SUBJECT, f"API Gateway writes them as {role}")
    else:
        yield Finding(
            Level.FAIL,
            _SUBJECT,
            "API Gateway has no role to write them with, so it refuses the stage of each API",
            "Deploy shared-infra/account once, or set accessLogs: false in shared-infra/params.yml.",
        )
