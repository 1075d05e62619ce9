"""Policies and boundaries may have conditions on a resource's tags; parts of an API have the API's tags.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-supported-resources.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (`aws:ResourceTag`)
"""

from collections.abc import Callable
from functools import wraps

from ministack.core import iam_evaluator
from ministack.services import apigateway_v1, stepfunctions, tagging

Tags = dict[str, str]

QUALIFIED_FUNCTION_PARTS = 8


def install() -> None:
    """Find the tags of pools, APIs, state machines and qualified functions, whichever policy asks."""
    tagging._RESOURCE_TAG_COLLECTORS["cognito-idp"] = tagging._collect_cognito
    tagging.resource_tags = with_more_resources(tagging.resource_tags)
    # MiniStack looks tags up only when the role's own policies ask, not when its boundary does.
    iam_evaluator._names_condition_key = lambda _policies, _prefix: True


def with_more_resources(tags_of: Callable[[str], Tags | None]) -> Callable[[str], Tags | None]:
    """Find what MiniStack finds, and more."""

    @wraps(tags_of)
    def operation(arn: str) -> Tags | None:
        parts = arn.split(":")
        service = parts[2] if arn.startswith("arn:") else ""
        if service == "apigateway":
            return tags_of_api(parts[5])
        if service == "states":
            return {tag["key"]: tag["value"] for tag in stepfunctions._tags.get(arn, [])}
        if service == "lambda" and len(parts) == QUALIFIED_FUNCTION_PARTS:
            arn = arn.rpartition(":")[0]
        return tags_of(arn)

    return operation


def tags_of_api(path: str) -> Tags | None:
    """Return the tags of the API that a path is below, such as `/restapis/a1b2/stages/dev`."""
    kind, _, rest = path.removeprefix("/").partition("/")
    api = rest.partition("/")[0]
    if kind != "restapis" or not api:
        return None
    tags: Tags = apigateway_v1._v1_tags.get(apigateway_v1._rest_api_arn(api), {})
    return tags
