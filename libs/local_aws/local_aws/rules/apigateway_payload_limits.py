"""Requests above 10 MB, and events for a Lambda above 6 MB, are answered with 413.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (invocation payload)
https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from ministack.services import apigateway_v1

MAX_REQUEST_BYTES = 10 * 1024 * 1024
MAX_EVENT_BYTES = 6 * 1024 * 1024
# Nothing else of a request is long: a body that is shorter makes no event that is too long.
_CERTAINLY_FITS = MAX_EVENT_BYTES // 8


def install() -> None:
    """Refuse requests that are too long."""
    apigateway_v1._check_request_validation = of_limited_bodies(apigateway_v1._check_request_validation)
    apigateway_v1._invoke_lambda_proxy_v1 = refusing_too_long(apigateway_v1._invoke_lambda_proxy_v1)
    apigateway_v1._call_lambda_raw = with_limited_events(apigateway_v1._call_lambda_raw)


class _EventTooLongError(Exception):
    """Lambda does not take the event."""


def of_limited_bodies(check: Callable[..., Any]) -> Callable[..., Any]:
    """Make the check of a request refuse a body that API Gateway does not take."""

    @wraps(check)
    def operation(
        method: Any, api_id: str, request: Any, headers: Any, body: bytes | None, *rest: Any
    ) -> Any:
        if len(body or b"") > MAX_REQUEST_BYTES:
            return _too_large()
        return check(method, api_id, request, headers, body, *rest)

    return operation


def refusing_too_long(invoke: Callable[..., Any]) -> Callable[..., Any]:
    """Make an integration answer 413 when Lambda does not take its event."""

    @wraps(invoke)
    async def operation(*arguments: Any, **further: Any) -> Any:
        try:
            return await invoke(*arguments, **further)
        except _EventTooLongError:
            return _too_large()

    return operation


def with_limited_events(call: Callable[..., Any]) -> Callable[..., Any]:
    """Make the call of a Lambda refuse an event that is too long."""

    @wraps(call)
    async def operation(function: str, event: dict[str, Any], **scope: Any) -> Any:
        if len(event.get("body") or "") > _CERTAINLY_FITS and _length(event) > MAX_EVENT_BYTES:
            raise _EventTooLongError
        return await call(function, event, **scope)

    return operation


def _length(event: dict[str, Any]) -> int:
    return len(json.dumps(event, ensure_ascii=False).encode())


def _too_large() -> Any:
    return apigateway_v1._gw_error("REQUEST_TOO_LARGE", "Request Too Long")
