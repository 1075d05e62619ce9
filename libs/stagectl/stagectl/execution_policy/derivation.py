"""Derive the execution policy."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

from stagectl.errors import StagectlError
from stagectl.execution_policy import reviewed, schemas
from stagectl.execution_policy.reviewed import Scope
from stagectl.execution_policy.templates import Template

POLICY_FILE = Path("shared-infra") / "account" / "execution-policy.json"
_TAKES_PARAMETERS = "TakesFromOtherStacks"


class _Grant(NamedTuple):
    """One action on one ARN.

    Attributes:
        action: Such as `dynamodb:CreateTable`.
        arn: What it is granted on.
        condition: On what condition, as JSON.
    """

    action: str
    arn: str
    condition: str


def derive(templates: Sequence[Template]) -> str:
    """Return the text of the policy that covers exactly the resource types of the templates.

    `{stage}`, `{service}`, `{environment}` and `{readable}` in it are put in when the account's stack
    is compiled. With it come the names of tables, and the routes that IAM guards, for the boundaries.

    Raises:
        StagectlError: A type, or an action on `*`, has not been reviewed, or a type's schema is not known.
    """
    types = sorted(frozenset[str]().union(*(template.types for template in templates)))
    unreviewed = [one for one in types if one not in reviewed.SCOPES]
    if unreviewed:
        raise StagectlError(
            f"No role covers {', '.join(unreviewed)}: add to stagectl/execution_policy/reviewed.py which "
            "resources their permissions are for."
        )
    statements = [*_statements(_granted(types, templates)), *_taken(templates)]
    routes = sorted({route for template in templates for route in template.signed_routes()})
    tables = sorted(
        {name for template in templates for name in template.names("AWS::DynamoDB::Table", "TableName")}
    )
    policy = {"Types": types, "Routes": routes, "Tables": tables, "Statement": statements}
    return json.dumps(policy, indent=2) + "\n"


def _granted(types: Iterable[str], templates: Sequence[Template]) -> Iterator[_Grant]:
    for one in types:
        namespace = reviewed.OWN_NAMESPACES[one.split("::")[1]]
        for action in schemas.permissions(one) | reviewed.NOT_IN_SCHEMAS.get(one, frozenset()):
            own = action.startswith(f"{namespace}:")
            scope = reviewed.SCOPES[one] if own else reviewed.OF_OTHER_SERVICES.get((one, action))
            if scope is None or _is_left_out(one, action):
                continue
            if schemas.names_resources(action):
                yield from _in_places(action, scope, templates)
            elif action in reviewed.ON_EVERYTHING:
                yield _Grant(action, "*", _condition(action))
            else:
                raise StagectlError(
                    f"{action} can only be granted on *. Add the reason to execution_policy/reviewed.py."
                )


def _in_places(action: str, scope: Scope, templates: Sequence[Template]) -> Iterator[_Grant]:
    for pattern in scope.patterns:
        if not pattern.only or action in pattern.only:
            for name in _names(scope, templates):
                yield _Grant(
                    action, pattern.arn.replace("{name}", name), _condition(action, pattern.condition)
                )


def _condition(action: str, of_place: reviewed.Condition | None = None) -> str:
    parts = [of_place or {}, reviewed.CONDITIONS.get(action, {})]
    operators = {operator for part in parts for operator in part}
    joined = {
        one: {key: value for part in parts for key, value in part.get(one, {}).items()} for one in operators
    }
    return json.dumps(joined, sort_keys=True)


def _is_left_out(resource_type: str, action: str) -> bool:
    if action in schemas.reading_permissions(resource_type):
        return False
    return any(matches(action, pattern) for pattern in reviewed.LEFT_OUT)


def matches(action: str, pattern: str) -> bool:
    """Return whether a pattern of the reviewed table means an action."""
    return fnmatchcase(action, pattern)


def _names(scope: Scope, templates: Sequence[Template]) -> set[str]:
    if scope.named_by is None:
        return {template.stack_names for template in templates}
    return {name for template in templates for name in template.names(*scope.named_by)}


def _statements(granted: Iterable[_Grant]) -> Iterator[dict[str, Any]]:
    """Yield a statement for all actions of a service that are granted on the same resources and condition."""
    arns_of: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for grant in granted:
        arns_of[grant.action, grant.condition].add(grant.arn)
    alike = defaultdict(list)
    for (action, condition), arns in arns_of.items():
        alike[action.split(":")[0], tuple(sorted(arns)), condition].append(action)
    for (_, resources, condition), actions in sorted(alike.items()):
        statement = {"Effect": "Allow", "Action": sorted(actions), "Resource": list(resources)}
        yield statement | ({"Condition": json.loads(condition)} if condition != "{}" else {})


def _taken(templates: Sequence[Template]) -> Iterator[dict[str, Any]]:
    names = sorted({name for template in templates for name in template.taken_parameters()})
    here = "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter"
    if names:
        yield {
            "Sid": _TAKES_PARAMETERS,
            "Effect": "Allow",
            "Action": ["ssm:GetParameters"],
            "Resource": [here + name for name in names],
        }
