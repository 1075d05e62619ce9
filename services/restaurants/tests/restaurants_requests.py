"""Calls of this service's handlers, as Lambda makes them for API Gateway."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from service_kit.invocation import LambdaHandler

CONTEXT = SimpleNamespace(aws_request_id="lambda-request", function_name="restaurants-test-some-function")


@dataclass(frozen=True)
class Reply:
    """What a handler answered API Gateway."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def document(self) -> Any:
        """The body as JSON."""
        return json.loads(self.text)

    @property
    def bad_fields(self) -> list[tuple[str, str]]:
        """The place and name of each field that the answer says is bad."""
        return [(error["location"], error["field"]) for error in self.document["errors"]]


def call(handler: LambdaHandler[dict[str, Any]], event: dict[str, Any]) -> Reply:
    """Call the handler of an endpoint."""
    answer = handler(event, CONTEXT)
    assert answer["isBase64Encoded"] is False
    return Reply(answer["statusCode"], answer["headers"], answer["body"])


def request(
    *,
    customer_id: str | None = "ada",
    groups: str | None = None,
    body: object = None,
    name: str | None = None,
    query: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Build the event of a REST API's proxy integration, with the claims that its Cognito authorizer adds.

    Args:
        customer_id: Who is signed in; None when nobody is.
        groups: The groups of the token, as API Gateway writes them.
        body: A document, or a text to send as it is.
        name: The restaurant that the path names, which API Gateway leaves percent-encoded.
        query: Parameters of the query.
    """
    claims = {"sub": customer_id, "cognito:username": f"{customer_id}-name"}
    if groups is not None:
        claims["cognito:groups"] = groups
    return event(
        path="/restaurants" if name is None else f"/restaurants/{quote(name, safe='')}",
        path_parameters=None if name is None else {"name": quote(name, safe="")},
        queryStringParameters=None if query is None else dict(query),
        multiValueQueryStringParameters=None if query is None else {k: [v] for k, v in query.items()},
        requestContext={
            "requestId": "gateway-request",
            **({} if customer_id is None else {"authorizer": {"claims": claims}}),
        },
        body=body if isinstance(body, str) or body is None else json.dumps(body),
    )


def event(*, path: str, path_parameters: Mapping[str, str] | None = None, **members: Any) -> dict[str, Any]:
    """Build the event of any request."""
    return {
        "resource": "/",
        "path": path,
        "httpMethod": "GET",
        "headers": {"Content-Type": "application/json"},
        "multiValueHeaders": {},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None if path_parameters is None else dict(path_parameters),
        "stageVariables": None,
        "requestContext": {"requestId": "gateway-request"},
        "body": None,
        "isBase64Encoded": False,
    } | members
