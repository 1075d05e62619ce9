"""The event that API Gateway makes of a request."""

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from stagectl.checkout.routes import Authorizer, Route
from stagectl.errors import UsageError
from stagectl.invocation.examples import Examples
from stagectl.terminal import hints

CALLERS: Mapping[str, Mapping[str, str]] = {
    "customer": {
        "sub": "5f7a2c1e-90b4-4d1a-8c53-2f6f1f0e7a11",
        "email": "customer@bigmouth.example",
    },
    # Whom the demo data makes staff of all restaurants.
    "staff": {
        "sub": "5f7a2c1e-90b4-4d1a-8c53-2f6f1f0e7a12",
        "email": "kitchen@bigmouth.example",
    },
    "admin": {
        "sub": "5f7a2c1e-90b4-4d1a-8c53-2f6f1f0e7a13",
        "email": "admin@bigmouth.example",
        "cognito:groups": "restaurant-admins",
    },
}
"""Claims of an ID token, by the word for who calls. These users need not exist: no token is checked here."""

_PLACEHOLDER = re.compile(r"\{(\w+)(\+?)\}")


@dataclass(frozen=True)
class Request:
    """A request to a route.

    Attributes:
        line: Method and path, such as `GET /orders?cursor=x`; a placeholder in it gets an example.
        caller: Who calls: a key of `CALLERS`; empty when nobody signed in.
        body: JSON text of the body; None for an example that fits the contract.
    """

    line: str
    caller: str
    body: str | None


def event_of(
    request: Request, routes: Sequence[Route], function: str, document: Mapping[str, Any], examples: Examples
) -> dict[str, Any]:
    """Return the event that a function gets of a request.

    Args:
        request: The request.
        routes: The routes of the service.
        function: Key of the function.
        document: The service's OpenAPI document.
        examples: Values for what the request leaves open.

    Raises:
        UsageError: No route of the function fits, the caller is unknown or missing, or a value is missing.
    """
    method, path, query = _parts_of(request.line)
    own = [route for route in routes if route.function == function]
    for route in own:
        parameters = _match(route.path, path)
        if route.method == method and parameters is not None:
            break
    else:
        known = [f"{route.method} {route.path}" for route in own]
        raise UsageError(hints.unknown("route", f"{method} {path}", known, where=f" of {function}"))
    given = {name: _value(name, value, examples) for name, value in parameters.items()}
    body = request.body
    if body is None:
        example = examples.body(document, method, route.path)
        body = None if example is None else json.dumps(example, ensure_ascii=False)
    headers = {"Accept": "*/*", "User-Agent": "stagectl"} | (
        {"Content-Type": "application/json"} if body is not None else {}
    )
    return {
        "resource": route.path,
        "path": _PLACEHOLDER.sub(lambda match: given[match[1]], route.path),
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": dict(query) or None,
        "multiValueQueryStringParameters": _by_name(query) or None,
        "pathParameters": given or None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": route.path,
            "httpMethod": method,
            "requestId": str(uuid.uuid4()),
            "identity": {"sourceIp": "127.0.0.1", "userAgent": "stagectl"},
            **_authorizer(route, request.caller),
        },
        "body": body,
        "isBase64Encoded": False,
    }


def _parts_of(line: str) -> tuple[str, str, list[tuple[str, str]]]:
    method, _, target = line.strip().partition(" ")
    parts = urlsplit(target.strip())
    if not method.isalpha() or not parts.path.startswith("/"):
        raise UsageError(f"'{line}' is no request. Write method and path, such as 'POST /orders'.")
    return method.upper(), parts.path, parse_qsl(parts.query, keep_blank_values=True)


def _match(declared: str, path: str) -> dict[str, str] | None:
    """Return the values of a route's placeholders in a path; None when the path does not fit."""
    pattern = ""
    for part in re.split(r"(\{\w+\+?\})", declared):
        placeholder = _PLACEHOLDER.fullmatch(part)
        if placeholder is None:
            pattern += re.escape(part)
        else:
            pattern += f"(?P<{placeholder[1]}>{'.+' if placeholder[2] else '[^/]+'})"
    found = re.fullmatch(pattern, path)
    return None if found is None else found.groupdict()


def _value(name: str, value: str, examples: Examples) -> str:
    if not _PLACEHOLDER.fullmatch(value):
        return value
    example = examples.value_of(name)
    if example is None:
        raise UsageError(f"Write a value in the place of {value}.")
    return example


def _by_name(query: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in query:
        values.setdefault(name, []).append(value)
    return values


def _authorizer(route: Route, caller: str) -> dict[str, Any]:
    if route.authorizer is not Authorizer.POOL_USER:
        return {}
    if not caller:
        raise UsageError(f"{route.method} {route.path} needs a caller: pass --as {'|'.join(CALLERS)}.")
    if caller not in CALLERS:
        raise UsageError(hints.unknown("caller", caller, CALLERS))
    claims = CALLERS[caller]
    return {
        "authorizer": {
            "claims": {
                **claims,
                "cognito:username": claims["sub"],
                "email_verified": "true",
                "token_use": "id",
            }
        }
    }
