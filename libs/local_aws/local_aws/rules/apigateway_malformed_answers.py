"""A failed function, and an answer that is malformed or above 6 MB, is a 502 without its message.

An answer is well formed if it has an integer `statusCode`, text as `body`, and plain values as headers, whose
names are tokens. What the client gets is the gateway response DEFAULT_5XX.

https://docs.aws.amazon.com/apigateway/latest/developerguide/handle-errors-in-lambda-integration.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (invocation payload)
"""

import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from ministack.services import apigateway_v1

BAD_GATEWAY = 502
MAX_ANSWER_BYTES = 6 * 1024 * 1024
_MEMBERS = frozenset({"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"})
_STATUSES = range(100, 600)
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# A header's value has no line ends; other control characters would not pass either.
_NO_VALUE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def install() -> None:
    """Pass only well-formed answers."""
    apigateway_v1._lambda_proxy_response = well_formed_only(apigateway_v1._lambda_proxy_response)
    apigateway_v1._invoke_lambda_proxy_v1 = answered_for(apigateway_v1._invoke_lambda_proxy_v1)
    apigateway_v1._gateway_error_response = with_own_status(apigateway_v1._gateway_error_response)


class _MalformedError(Exception):
    """The function has not answered as a proxy integration has to."""


def well_formed_only(shape: Callable[..., Any]) -> Callable[..., Any]:
    """Make the reading of a function's answer refuse one that is malformed."""

    @wraps(shape)
    def operation(result: dict[str, Any]) -> Any:
        if result.get("throttle"):
            return shape(result)
        if result.get("error") or not is_well_formed(result.get("body")):
            raise _MalformedError
        return shape(result)

    return operation


def is_well_formed(answer: object) -> bool:
    """Return whether API Gateway can make an HTTP response of what a function returned."""
    if not isinstance(answer, dict) or not answer.keys() <= _MEMBERS:
        return False
    status = str(answer.get("statusCode", "200"))
    if not status.isdecimal() or int(status) not in _STATUSES:
        return False
    if not isinstance(answer.get("body") or "", str):
        return False
    single = (answer.get("headers") or {}).items()
    several = (answer.get("multiValueHeaders") or {}).items()
    named = [*single, *((name, value) for name, values in several for value in values)]
    if not all(_TOKEN.fullmatch(name) and _is_value(value) for name, value in named):
        return False
    return len(json.dumps(answer, ensure_ascii=False).encode()) <= MAX_ANSWER_BYTES


def _is_value(value: object) -> bool:
    return isinstance(value, (str, int, float, bool)) and not _NO_VALUE.search(str(value))


def answered_for(invoke: Callable[..., Any]) -> Callable[..., Any]:
    """Make API Gateway answer in the place of a function that could not."""

    @wraps(invoke)
    async def operation(*arguments: Any, **further: Any) -> Any:
        try:
            return await invoke(*arguments, **further)
        except _MalformedError:
            error = apigateway_v1._gw_error("DEFAULT_5XX", "Internal server error")
            error.status = BAD_GATEWAY
            return error

    return operation


def with_own_status(respond: Callable[..., Any]) -> Callable[..., Any]:
    """Make a gateway response keep the status of its cause; DEFAULT_5XX stands for several."""

    @wraps(respond)
    def operation(error: Any, request: Any) -> Any:
        status, headers, body = respond(error, request)
        return getattr(error, "status", status), headers, body

    return operation
