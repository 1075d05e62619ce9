"""The event of a function's own route, for functions that change nothing."""

from typing import Any

from stagectl.checkout.routes import Authorizer, Route
from stagectl.errors import UsageError

WAY_OUT = "Pass a file with an event: --payload FILE."


def sample_event(function: str, routes: list[Route]) -> dict[str, Any]:
    """Return an event of API Gateway from a customer who has just signed up.

    Args:
        function: Key of the function.
        routes: The routes of its service.

    Raises:
        UsageError: The function has no route, or one that changes data or needs parameters.
    """
    route = next((route for route in routes if route.function == function), None)
    if route is None:
        raise UsageError(f"{function} has no route. {WAY_OUT}")
    if route.method != "GET" or "{" in route.path:
        raise UsageError(
            f"{function} answers {route.method} {route.path}, for which no event can be generated. {WAY_OUT}"
        )
    claims = {"sub": "tuning", "cognito:username": "tuning", "token_use": "id"}
    signed_in = {"authorizer": {"claims": claims}} if route.authorizer is Authorizer.POOL_USER else {}
    return {
        "resource": route.path,
        "path": route.path,
        "httpMethod": route.method,
        "headers": {"Accept": "application/json"},
        "multiValueHeaders": {"Accept": ["application/json"]},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {"requestId": "tuning", **signed_in},
        "body": None,
        "isBase64Encoded": False,
    }
