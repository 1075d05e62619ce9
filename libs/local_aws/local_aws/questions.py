"""What MiniStack asks its IAM about a call, where AWS asks something else.

- SQS knows no actions for batches: who may delete a message may delete ten.
- Parameters below a path are read by the permission for that path, and some parameters by that for each.
- Of a user pool its tags are known, so that a policy may speak of them.
"""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from ministack.core import iam_actions, iam_evaluator
from ministack.services import tagging

SOME_PARAMETERS = "ssm:GetParameters"
PARAMETERS_BY_PATH = "ssm:GetParametersByPath"


class Resources(str):
    """The ARN of a resource, with those of others that the call needs, and what policies may ask of it."""

    __slots__ = ("context", "others")

    others: tuple[str, ...]
    context: Mapping[str, str]

    @classmethod
    def of(cls, first: str, *others: str, **context: str) -> "Resources":
        """Join ARNs, of which one at least is needed, and the keys of conditions."""
        resources = cls(first)
        resources.others = others
        resources.context = {name.replace("_", ":"): value for name, value in context.items()}
        return resources


def install() -> None:
    """Let MiniStack ask as AWS does."""
    iam_actions.extract_iam_action = without_batches(iam_actions.extract_iam_action)
    iam_actions.extract_resource_arn = with_parameters(iam_actions.extract_resource_arn)
    iam_evaluator.enforce = for_each_resource(iam_evaluator.enforce)
    tagging._RESOURCE_TAG_COLLECTORS["cognito-idp"] = tagging._collect_cognito


def without_batches(extract: Callable[..., str | None]) -> Callable[..., str | None]:
    """Make a batch of SQS the action of a single message."""

    @wraps(extract)
    def operation(*request: Any) -> str | None:
        action = extract(*request)
        return action.removesuffix("Batch") if action and action.startswith("sqs:") else action

    return operation


def with_parameters(extract: Callable[..., str]) -> Callable[..., str]:
    """Make parameters and paths of parameters the resources of the calls that read them."""

    @wraps(extract)
    def operation(*question: Any) -> str:
        *request, region, account = question
        action = iam_actions.extract_iam_action(*request)
        if action not in {SOME_PARAMETERS, PARAMETERS_BY_PATH}:
            return extract(*question)
        asked = json.loads(request[4])
        prefix = f"arn:aws:ssm:{region}:{account}:parameter"
        if action == PARAMETERS_BY_PATH:
            is_recursive = str(asked.get("Recursive", False)).lower()
            return Resources.of(f"{prefix}{asked['Path']}", ssm_recursive=is_recursive)
        return Resources.of(*(f"{prefix}{name}" for name in asked["Names"]))

    return operation


def for_each_resource(enforce: Callable[..., Any]) -> Callable[..., Any]:
    """Make a call that needs several resources be let through when every one of them may be used."""

    @wraps(enforce)
    def operation(*arguments: Any, **further: Any) -> Any:
        resource = further.get("resource_arn")
        if not isinstance(resource, Resources):
            return enforce(*arguments, **further)
        further["service_context"] = {**(further.get("service_context") or {}), **resource.context}
        for arn in (str(resource), *resource.others):
            denied = enforce(*arguments, **{**further, "resource_arn": arn})
            if denied:
                return denied
        return None

    return operation
