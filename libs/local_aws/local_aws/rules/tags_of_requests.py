"""Keys and values of tags hold letters, digits, spaces and `_ . : / = + - @`, and are limited.

https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_Tag.html
https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Tag.html
"""

import json
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from ministack import app
from ministack.core import iam_actions
from ministack.core.responses import error_response_json, error_response_xml

from local_aws.rules._tags import fault_of

IN_XML = {"iam": "ValidationError", "sns": "InvalidParameter"}
IN_JSON = {"sqs": "InvalidParameterValue", "lambda": "InvalidParameterValueException"}
OTHERS = ("cognito-idp", "dynamodb", "events", "kms", "logs", "ssm", "states")
MEMBERS = ("Tags", "tags", "UserPoolTags")
Handle = Callable[..., Awaitable[Any]]


def install() -> None:
    """Refuse other tags, whichever call sets them; those of stacks are refused by what they are put on."""
    for service in (*IN_XML, *IN_JSON, *OTHERS):
        app.SERVICE_HANDLERS[service] = refusing(service, app.SERVICE_HANDLERS[service])


def refusing(service: str, handle: Handle) -> Handle:
    """Make the handling of a service's requests refuse wrong tags."""

    @wraps(handle)
    async def operation(*request: Any) -> Any:
        *_, body, _ = request
        # Most requests have no tags, and are not checked further.
        if b"ag" in body:
            fault = fault_of(tags_of(service, *request))
            if fault:
                return refusal(service, fault)
        return await handle(*request)

    return operation


def tags_of(service: str, *request: Any) -> dict[str, str]:
    """Return the tags that a request sets."""
    *start, body, _ = request
    if service in OTHERS:
        try:
            asked = json.loads(body)
        except ValueError:
            return {}  # It is refused for that.
        return by_key(next((asked[name] for name in MEMBERS if name in asked), None) or {})
    parameters = app._routing_params(*request)
    action = iam_actions.extract_iam_action(service, *start, body, parameters) or ""
    context = iam_actions.request_tag_context(service, action, body, parameters)
    values = {
        name.partition("/")[2]: value for name, value in context.items() if name.startswith("aws:requesttag/")
    }
    return {key: values[key.lower()] for key in context.get("aws:TagKeys", ()) if key.lower() in values}


def by_key(tags: Any) -> dict[str, str]:
    """Return tags, which services take as an object or as a list, as an object."""
    if isinstance(tags, dict):
        return tags
    entries = ({name.lower().removeprefix("tag"): text for name, text in tag.items()} for tag in tags)
    return {entry.get("key", ""): entry.get("value", "") for entry in entries}


def refusal(service: str, fault: str) -> Any:
    """Return the answer in the service's protocol."""
    if service in IN_XML:
        return error_response_xml(IN_XML[service], fault, 400, iam_actions._QUERY_XML_NS[service])
    return error_response_json(IN_JSON.get(service, "ValidationException"), fault, 400)
