"""API Gateway drops and renames headers between a client and a Lambda proxy integration.

Answers that API Gateway makes itself, such as an authorizer's 401, keep theirs.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html (table of headers)
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from ministack.services import apigateway_v1

PREFIX = "x-amzn-Remapped-"

DROPPED_FROM_REQUESTS = frozenset(
    {
        *("connection", "content-md5", "expect", "max-forwards", "proxy-authenticate", "server", "te"),
        *("trailer", "upgrade", "www-authenticate"),
    }
)
DROPPED_FROM_ANSWERS = frozenset(
    {"expect", "host", "proxy-authenticate", "te", "transfer-encoding", "trailer", "upgrade", "via"}
)
RENAMED_IN_ANSWERS = frozenset(
    {
        *("authorization", "connection", "content-md5", "date", "max-forwards", "server", "user-agent"),
        "www-authenticate",
    }
)

Event = dict[str, Any]


def install() -> None:
    """Apply the rule to the headers of requests and answers."""
    apigateway_v1._build_lambda_event_v1 = with_headers_dropped(apigateway_v1._build_lambda_event_v1)
    apigateway_v1._invoke_lambda_proxy_v1 = with_headers_renamed(apigateway_v1._invoke_lambda_proxy_v1)


def with_headers_dropped(build: Callable[..., Event]) -> Callable[..., Event]:
    """Make the event of a request lack the headers that do not reach an integration."""

    @wraps(build)
    def operation(*arguments: Any, **further: Any) -> Event:
        event = build(*arguments, **further)
        for member in ("headers", "multiValueHeaders"):
            event[member] = {
                name: value for name, value in event[member].items() if reaches_integration(name, value)
            }
        return event

    return operation


def reaches_integration(name: str, value: str | list[str]) -> bool:
    """Return whether an integration sees a header of a request; the signature of a request never does."""
    if name.lower() == "authorization":
        return not "".join(value).startswith("AWS4-")
    return name.lower() not in DROPPED_FROM_REQUESTS


def with_headers_renamed(invoke: Callable[..., Any]) -> Callable[..., Any]:
    """Make the answer of an integration lose some of its headers, and some their names."""

    @wraps(invoke)
    async def operation(*arguments: Any, **further: Any) -> Any:
        answer = await invoke(*arguments, **further)
        if not isinstance(answer, tuple):
            return answer
        status, headers, body = answer
        return status, as_clients_see(headers), body

    return operation


def as_clients_see(headers: dict[str, Any]) -> dict[str, Any]:
    """Return what a client gets of an integration's headers."""
    return {
        f"{PREFIX}{name}" if name.lower() in RENAMED_IN_ANSWERS else name: value
        for name, value in headers.items()
        if name.lower() not in DROPPED_FROM_ANSWERS
    }
