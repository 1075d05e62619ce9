"""Build the REST proxy event that API Gateway makes of a request."""

import base64
import json
import time
import uuid
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from stagectl.checkout.routes import Authorizer, Route

from drivers.exchange import Request
from drivers.routes import path_parameters


def proxy_event(request: Request, route: Route, stage_name: str) -> dict[str, Any]:
    """Return the event that the route's function receives for the request."""
    headers = {"Accept": "*/*", "User-Agent": "tests-e2e", **request.all_headers}
    encoded = tuple(quote(segment, safe="~") for segment in request.segments)
    return {
        "resource": route.path,
        "path": request.path,
        "httpMethod": request.method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        # The last of several values wins here, and all of them stand in the other.
        "queryStringParameters": dict(request.query) or None,
        "multiValueQueryStringParameters": _by_name(request.query) or None,
        "pathParameters": path_parameters(route, encoded) or None,
        "stageVariables": None,
        "requestContext": _request_context(request, route, stage_name),
        # The API takes no binary types, so API Gateway reads every body as UTF-8 and replaces what is not.
        "body": None if not request.body else request.body.decode(errors="replace"),
        "isBase64Encoded": False,
    }


def _by_name(query: tuple[tuple[str, str], ...]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in query:
        values.setdefault(name, []).append(value)
    return values


def _request_context(request: Request, route: Route, stage_name: str) -> dict[str, Any]:
    context: dict[str, Any] = {
        "resourcePath": route.path,
        "httpMethod": request.method,
        "path": f"/{stage_name}{request.path}",
        "stage": stage_name,
        "protocol": "HTTP/1.1",
        "requestId": str(uuid.uuid4()),
        "requestTimeEpoch": int(time.time() * 1000),
        "identity": {"sourceIp": "127.0.0.1", "userAgent": "tests-e2e"},
    }
    if route.authorizer is Authorizer.POOL_USER and request.token is not None:
        context["authorizer"] = {"claims": _claims(request.token)}
    return context


def _claims(token: str) -> dict[str, str]:
    """Return the claims as the authorizer hands them on: all of them as text."""
    return {name: _claim(name, value) for name, value in decoded(token).items()}


def _claim(name: str, value: Any) -> str:
    if name in {"iat", "exp", "auth_time"} and name != "auth_time":
        return f"{datetime.fromtimestamp(value, UTC):%a %b %d %H:%M:%S UTC %Y}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ",".join(map(str, value))
    return str(value)


def decoded(token: str) -> dict[str, Any]:
    """Return the claims of a JSON web token, without checking its signature."""
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims
