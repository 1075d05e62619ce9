"""A call about one alias has an action of its own, and to delete a version needs the permission for its ARN.

MiniStack takes the first for `ListAliases`, and the second for the deletion of the function.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html
"""

from collections.abc import Callable
from functools import wraps
from urllib.parse import unquote

from ministack.core import iam_actions
from ministack.services import lambda_svc

from local_aws.questions import Call, Resources, about

OF_ONE_ALIAS = {"GET": "GetAlias", "PUT": "UpdateAlias", "DELETE": "DeleteAlias"}


def install() -> None:
    """Apply the rule to IAM's checks."""
    iam_actions._lambda_action = naming_alias(iam_actions._lambda_action)
    about("lambda", resources)


def naming_alias(action_of: Callable[[str, str], str | None]) -> Callable[[str, str], str | None]:
    """Return the action of a call about one alias."""

    @wraps(action_of)
    def operation(method: str, path: str) -> str | None:
        match path.strip("/").split("/"):
            case [_, "functions", _, "aliases", _]:
                return OF_ONE_ALIAS.get(method)
        return action_of(method, path)

    return operation


def resources(call: Call) -> Resources | None:
    """Return the version that a call deletes."""
    if call.action("lambda") != "DeleteFunction":
        return None
    name, qualifier = lambda_svc._resolve_name_and_qualifier(unquote(call.path).rpartition("/")[2])
    version = lambda_svc._qualifier_from_path_or_query(qualifier, call.query)
    if not version:
        return None
    return Resources.of((f"arn:aws:lambda:{call.here}:function:{name}:{version}", {}))
