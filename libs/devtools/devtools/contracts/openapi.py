"""The OpenAPI document of a service, from its routes and its handlers' contracts."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from devtools.contracts.openapi_links import add_links
from devtools.contracts.openapi_responses import Responses
from devtools.contracts.openapi_schemas import Schemas
from stagectl.checkout.routes import Authorizer, Route
from stagectl.errors import StacksError

_PLACEHOLDER = re.compile(r"\{(\w+)\+?\}")
_SECURITY = {Authorizer.POOL_USER: "idToken", Authorizer.AWS_IDENTITY: "signatureV4"}
_SECURITY_SCHEMES = {
    "idToken": {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "description": "The ID token of a signed-in user of the stage's user pool.",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
    },
    "signatureV4": {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "description": "AWS Signature Version 4, by an identity that may execute-api:Invoke.",
        "x-amazon-apigateway-authtype": "awsSigv4",
    },
}


def document(
    service: str,
    routes: Sequence[Route],
    handlers: Mapping[str, Any],
    *,
    environment_of: Callable[[str], AbstractContextManager[object]] = nullcontext,
) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of a service.

    Args:
        service: Name of the service.
        routes: Its routes.
        handlers: The handlers behind them by function, each made by `service_kit.http.http_handler`.
        environment_of: Sets the variables of a function while its operation is written.

    Raises:
        StacksError: a handler declares no contract, or two of their models share a name.
    """
    schemas = Schemas()
    responses = Responses(schemas)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        with environment_of(route.function):
            operation = _operation(route, handlers[route.function], schemas, responses)
        paths.setdefault(_PLACEHOLDER.sub(r"{\1}", route.path), {})[route.method.lower()] = operation
    add_links(paths, schemas.by_name)
    used = {name for route in routes if (name := _SECURITY.get(route.authorizer))}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": service,
            "version": "1",
            "description": f"Below the URL that a stage publishes in SSM as /{service}/{{stage}}/serviceUrl.",
        },
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.by_name.items())),
            "responses": dict(sorted(responses.by_name.items())),
            "securitySchemes": {name: scheme for name, scheme in _SECURITY_SCHEMES.items() if name in used},
        },
    }


def _operation(route: Route, handler: Any, schemas: Schemas, responses: Responses) -> dict[str, Any]:
    contract = getattr(handler, "contract", None)
    if contract is None:
        raise StacksError(f"{route.function} has a route, but its handler is not an http_handler.")
    operation: dict[str, Any] = {
        "operationId": route.function,
        "summary": (handler.__doc__ or "").strip().partition("\n")[0],
    }
    if contract.group is not None:
        operation["x-required-group"] = contract.group
    if parameters := _parameters(route, contract, schemas):
        operation["parameters"] = parameters
    if contract.body is not None:
        schema = schemas.named(contract.body, "validation")
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    operation["responses"] = responses.of(route, contract)
    if route.authorizer in _SECURITY:
        operation["security"] = [{_SECURITY[route.authorizer]: []}]
    return operation


def _parameters(route: Route, contract: Any, schemas: Schemas) -> list[dict[str, Any]]:
    path = schemas.members(contract.path)
    placeholders = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": path[name].schema if name in path else {"type": "string"},
        }
        for name in _PLACEHOLDER.findall(route.path)
    ]
    return placeholders + [
        {"name": name, "in": place, "required": member.is_required, "schema": member.schema}
        for place, model in (("query", contract.query), ("header", contract.headers))
        for name, member in schemas.members(model).items()
    ]
