"""Policies may have conditions on the tags of a new user pool or API (`aws:RequestTag`, `aws:TagKeys`).

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncognitouserpools.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from ministack.core import iam_actions

Context = dict[str, Any]


def install() -> None:
    """Read the tags of requests that MiniStack does not read them from."""
    iam_actions.request_tag_context = with_more_requests(iam_actions.request_tag_context)


def with_more_requests(context_of: Callable[..., Context]) -> Callable[..., Context]:
    """Read what MiniStack reads, and more."""

    @wraps(context_of)
    def operation(service: str, action: str, body: bytes, parameters: dict[str, Any]) -> Context:
        if action == "cognito-idp:CreateUserPool":
            return of_tags(json.loads(body).get("UserPoolTags"))
        if service == "apigateway" and body[:1] == b"{":
            return of_tags(json.loads(body).get("tags"))
        if action == "apigateway:DELETE" and "tagKeys" in parameters:
            keys = parameters["tagKeys"]
            return {"aws:TagKeys": keys if isinstance(keys, list) else [keys]}
        return context_of(service, action, body, parameters)

    return operation


def of_tags(tags: dict[str, str] | None) -> Context:
    """Return the keys that conditions may name for the tags of a request."""
    if not tags:
        return {}
    return {**{f"aws:RequestTag/{name}".lower(): text for name, text in tags.items()}, "aws:TagKeys": [*tags]}
