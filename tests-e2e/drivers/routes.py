"""Find the function of a route in the deployed API."""

import re
from functools import cache
from itertools import zip_longest

from stagectl.checkout.routes import Authorizer, Route

from support.stage import Stage

FUNCTION_NAME = re.compile(r":function:([^:/]+)")


def path_parameters(route: Route, segments: tuple[str, ...]) -> dict[str, str] | None:
    """Return the path parameters of a request to a route, or None when it goes elsewhere."""
    found: dict[str, str] = {}
    parts = [part for part in route.path.split("/") if part]
    if parts and parts[-1].endswith("+}") and len(segments) >= len(parts):
        rest = "/".join(segments[len(parts) - 1 :])
        segments = (*segments[: len(parts) - 1], rest)
    for part, segment in zip_longest(parts, segments):
        if part is None or segment is None:
            return None
        if part.startswith("{"):
            found[part.strip("{+}")] = segment
        elif part != segment:
            return None
    return found


def find_route(stage: Stage, service: str, method: str, segments: tuple[str, ...]) -> Route:
    """Return the route that API Gateway would choose; a fixed segment precedes a placeholder.

    Raises:
        LookupError: the API has no such route.
    """
    fitting = [
        route
        for route in deployed_routes(stage, service)
        if route.method == method and path_parameters(route, segments) is not None
    ]
    if not fitting:
        raise LookupError(f"{service} has no {method} /{'/'.join(segments)}")
    return min(fitting, key=lambda route: ("+}" in route.path, route.path.count("{")))


@cache
def deployed_routes(stage: Stage, service: str) -> list[Route]:
    """Return every route of a service's deployed API that a function answers."""
    api_id = stage.cloudformation.describe_stack_resource(
        StackName=f"{service}-{stage.home_of(service)}", LogicalResourceId="ApiGatewayRestApi"
    )["StackResourceDetail"]["PhysicalResourceId"]
    routes = []
    for page in stage.apigateway.get_paginator("get_resources").paginate(restApiId=api_id, embed=["methods"]):
        for resource in page["items"]:
            for name, method in resource.get("resourceMethods", {}).items():
                function = FUNCTION_NAME.search(method.get("methodIntegration", {}).get("uri", ""))
                if function:
                    authorizer = Authorizer(method.get("authorizationType", "NONE"))
                    routes.append(Route(function[1], name, resource["path"], authorizer))
    return routes
