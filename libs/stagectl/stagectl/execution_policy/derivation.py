"""The policy, put together."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from stagectl.errors import StagectlError
from stagectl.execution_policy import reviewed, schemas
from stagectl.execution_policy.reviewed import Scope
from stagectl.execution_policy.templates import STAGE, Template

POLICY_FILE = Path("shared-infra") / "account" / "execution-policy.json"
_TAKES_PARAMETERS = "TakesFromOtherStacks"


def derive(templates: Sequence[Template]) -> str:
    """Return the text of the policy that covers exactly the resource types of the templates.

    `{stage}`, `{service}`, `{environment}` and `{readable}` in it are put in when the account's stack
    is compiled.

    Raises:
        StagectlError: A type, or an action on `*`, has not been reviewed, or a type's schema is not known.
    """
    types = sorted(frozenset[str]().union(*(template.types for template in templates)))
    unreviewed = [one for one in types if one not in reviewed.SCOPES]
    if unreviewed:
        raise StagectlError(
            f"No role covers {', '.join(unreviewed)}: say in stagectl/execution_policy/reviewed.py which "
            "resources their permissions are for"
        )
    statements = [*_statements(_granted(types, templates)), *_taken(templates), _not_of_other_stages()]
    return json.dumps({"Types": types, "Statement": statements}, indent=2) + "\n"


def _granted(types: Iterable[str], templates: Sequence[Template]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give (action, ARNs) for each type."""
    for one in types:
        namespace = reviewed.OWN_NAMESPACES[one.split("::")[1]]
        for action in schemas.permissions(one):
            own = action.startswith(f"{namespace}:")
            scope = reviewed.SCOPES[one] if own else reviewed.OF_OTHER_SERVICES.get((one, action))
            if scope is None or _is_left_out(action):
                continue
            if schemas.names_resources(action):
                yield action, _arns(scope, templates)
            elif action in reviewed.ON_EVERYTHING:
                yield action, ("*",)
            else:
                raise StagectlError(
                    f"{action} can only be granted on *: give the reason in execution_policy/reviewed.py"
                )


def _is_left_out(action: str) -> bool:
    return any(matches(action, pattern) for pattern in reviewed.LEFT_OUT)


def matches(action: str, pattern: str) -> bool:
    """Tell whether a pattern of the reviewed table means an action."""
    return fnmatchcase(action, pattern)


def _arns(scope: Scope, templates: Sequence[Template]) -> tuple[str, ...]:
    if scope.named_by is None:
        names = {template.stack_names for template in templates}
    else:
        names = {name for template in templates for name in template.names(*scope.named_by)}
    return tuple(sorted({arn.replace("{name}", name) for arn in scope.arns for name in names}))


def _statements(granted: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[dict[str, Any]]:
    """Give a statement for all actions that are granted on the same resources on the same condition."""
    arns_of: defaultdict[str, set[str]] = defaultdict(set)
    for action, arns in granted:
        arns_of[action].update(arns)
    alike = defaultdict(list)
    for action, wanted in arns_of.items():
        condition = json.dumps(reviewed.CONDITIONS.get(action, {}))
        alike[action.split(":")[0], tuple(sorted(wanted)), condition].append(action)
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


def _not_of_other_stages() -> dict[str, Any]:
    return {
        "Sid": "NothingOfOtherStages",
        "Effect": "Deny",
        "Action": list(reviewed.OTHER_STAGES_BY_TAG),
        "Resource": ["*"],
        "Condition": {
            "StringEquals": {"aws:ResourceTag/project": "big-mouth"},
            "StringNotLike": {"aws:ResourceTag/stage": [STAGE]},
        },
    }
