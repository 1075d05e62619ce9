"""What the roles of a stage's functions grant."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from stagectl import aws
from stagectl.permissions.generic_names import function_of, generic

if TYPE_CHECKING:
    import boto3
    from mypy_boto3_iam.client import IAMClient


@dataclass(frozen=True, order=True)
class Grant:
    """One action that a function may do to one resource, or to all that a pattern fits.

    Attributes:
        function: `service/function`.
        action: Such as `dynamodb:PutItem`.
        resource: ARN in general terms, see `generic`.
    """

    function: str
    action: str
    resource: str

    @property
    def is_pattern(self) -> bool:
        """Whether it may reach further than to one thing that has this name."""
        return any(sign in self.action + self.resource for sign in "*?")


def granted(session: "boto3.Session", stage: str, services: Iterable[str]) -> list[Grant]:
    """Return all that the roles of a stage's functions grant, by their own and their managed policies."""
    iam = session.client("iam")
    found: set[Grant] = set()
    for name, role in _functions(session, stage, services):
        function = function_of(name, stage) or name
        for statement in _statements(iam, role):
            if statement["Effect"] == "Allow":
                found |= {
                    Grant(function, action, generic(resource, stage))
                    for action in _listed(statement["Action"])
                    for resource in _listed(statement["Resource"])
                }
    return sorted(found)


def _functions(session: "boto3.Session", stage: str, services: Iterable[str]) -> Iterator[tuple[str, str]]:
    prefixes = tuple(f"{service}-{stage}-" for service in services)
    for page in session.client("lambda").get_paginator("list_functions").paginate():
        for function in page["Functions"]:
            if function["FunctionName"].startswith(prefixes):
                yield function["FunctionName"], function["Role"].rpartition("/")[2]


def _statements(iam: "IAMClient", role: str) -> Iterator[dict[str, Any]]:
    # boto3 has decoded the documents, whatever their type says.
    inline = aws.pages(iam.list_role_policies, following="Marker", RoleName=role)
    for name in (name for page in inline for name in page["PolicyNames"]):
        document = cast("Any", iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"])
        yield from document["Statement"]
    managed = aws.pages(iam.list_attached_role_policies, following="Marker", RoleName=role)
    for attached in (policy for page in managed for policy in page["AttachedPolicies"]):
        policy = iam.get_policy(PolicyArn=attached["PolicyArn"])["Policy"]
        version = iam.get_policy_version(
            PolicyArn=attached["PolicyArn"], VersionId=policy["DefaultVersionId"]
        )
        yield from cast("Any", version["PolicyVersion"]["Document"])["Statement"]


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
