"""The HTTP routes of a service, as its serverless.yml declares them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from stagectl.errors import StacksError


class Authorizer(StrEnum):
    """Who is let through to a route's function, by what API Gateway checks."""

    NOBODY_ASKED = "NONE"
    AWS_IDENTITY = "AWS_IAM"
    POOL_USER = "COGNITO_USER_POOLS"


@dataclass(frozen=True)
class Route:
    """One method of one path.

    Attributes:
        function: The function behind it: its key in serverless.yml, or its name where it is deployed.
        method: HTTP method in upper case.
        path: Its path with placeholders, such as `/orders/{orderId}` or `/assets/{file+}`.
        authorizer: Who is let through.
    """

    function: str
    method: str
    path: str
    authorizer: Authorizer


def routes_of(document: Mapping[str, Any]) -> list[Route]:
    """Return the routes of a serverless.yml in its order.

    Raises:
        StacksError: a route has any method, or an authorizer that nothing here knows.
    """
    return [
        _route(key, event["http"])
        for key, function in (document.get("functions") or {}).items()
        for event in function.get("events") or []
        if "http" in event
    ]


def _route(function: str, http: Any) -> Route:
    if isinstance(http, str):
        method, _, path = http.partition(" ")
        http = {"method": method, "path": path}
    if not isinstance(http, Mapping) or http["method"].upper() == "ANY":
        raise StacksError(f"{function}: declare its route as one method and one path.")
    path = "/" + http["path"].strip("/")
    return Route(function, http["method"].upper(), path, _authorizer(function, http.get("authorizer")))


def _authorizer(function: str, declared: Any) -> Authorizer:
    if declared is None:
        return Authorizer.NOBODY_ASKED
    kind = declared.get("type") if isinstance(declared, Mapping) else declared
    try:
        return Authorizer(str(kind).upper())
    except ValueError:
        raise StacksError(f"{function}: its authorizer must be one of {', '.join(Authorizer)}.") from None
