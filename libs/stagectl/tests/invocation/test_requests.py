"""The event of a request, as API Gateway makes it."""

import json
from pathlib import Path
from typing import Any

import pytest

from stagectl.checkout.routes import Authorizer, Route
from stagectl.errors import UsageError
from stagectl.invocation.examples import Examples
from stagectl.invocation.requests import CALLERS, Request, event_of

ROUTES = [
    Route("place-order", "POST", "/orders", Authorizer.POOL_USER),
    Route("get-order", "GET", "/orders/{orderId}", Authorizer.POOL_USER),
    Route("get-asset", "GET", "/assets/{file+}", Authorizer.NOBODY_ASKED),
]
DOCUMENT = {
    "paths": {
        "/orders": {
            "post": {
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}
                }
            }
        }
    },
    "components": {
        "schemas": {
            "Order": {
                "type": "object",
                "required": ["restaurantName", "count", "tags", "state", "note", "is_gift"],
                "properties": {
                    "restaurantName": {"type": "string", "minLength": 1},
                    "count": {"anyOf": [{"type": "integer", "minimum": 2}, {"type": "null"}]},
                    "tags": {"type": "array", "items": {"type": "string", "format": "uuid"}},
                    "state": {"type": "string", "enum": ["new", "old"]},
                    "note": {"type": "string", "default": "none"},
                    "is_gift": {"type": "boolean"},
                    "left": {"type": "string"},
                },
            }
        }
    },
}


@pytest.fixture
def examples(tmp_path: Path) -> Examples:
    (tmp_path / "docs").mkdir()
    event = {"example": {"orderId": "o-1", "restaurantName": "Fangtasia"}, "consumers": []}
    (tmp_path / "docs" / "events.json").write_text(json.dumps({"events": [event]}))
    return Examples(tmp_path)


def make(
    examples: Examples, function: str, line: str, *, caller: str = "customer", body: str | None = None
) -> dict[str, Any]:
    return event_of(Request(line, caller, body), ROUTES, function, DOCUMENT, examples)


def test_a_body_is_made_up_from_the_contract(examples: Examples) -> None:
    event = make(examples, "place-order", "POST /orders")

    assert json.loads(event["body"]) == {
        "restaurantName": "Fangtasia",
        "count": 2,
        "tags": ["0b8f7a52-3f2c-4d0e-9c39-4d5e1f6a7b8c"],
        "state": "new",
        "note": "none",
        "is_gift": True,
    }


def test_a_body_is_sent_as_it_was_written(examples: Examples) -> None:
    assert make(examples, "place-order", "POST /orders", body='{"x": ')["body"] == '{"x": '


@pytest.mark.parametrize("line", ["GET /orders/42?cursor=a&cursor=b", "get  /orders/42?cursor=a&cursor=b"])
def test_parameters_come_from_path_and_query(examples: Examples, line: str) -> None:
    event = make(examples, "get-order", line)

    assert event["pathParameters"] == {"orderId": "42"}
    assert event["queryStringParameters"] == {"cursor": "b"}
    assert event["multiValueQueryStringParameters"] == {"cursor": ["a", "b"]}
    assert (event["resource"], event["path"], event["body"]) == ("/orders/{orderId}", "/orders/42", None)


def test_a_placeholder_gets_an_example(examples: Examples) -> None:
    assert make(examples, "get-order", "GET /orders/{orderId}")["path"] == "/orders/o-1"


def test_a_placeholder_may_hold_a_path(examples: Examples) -> None:
    event = make(examples, "get-asset", "GET /assets/images/a.svg", caller="")
    assert event["pathParameters"] == {"file": "images/a.svg"}
    assert "authorizer" not in event["requestContext"]


def test_whoever_calls_has_claims(examples: Examples) -> None:
    claims = make(examples, "place-order", "POST /orders", caller="admin")["requestContext"]["authorizer"]
    assert claims["claims"]["sub"] == CALLERS["admin"]["sub"]
    assert claims["claims"]["cognito:groups"] == "restaurant-admins"


@pytest.mark.parametrize(
    ("function", "line", "caller", "said"),
    [
        (
            "place-order",
            "GET /orders",
            "customer",
            r"no route GET /orders of place-order\. .+ Routes: POST /orders\.",
        ),
        ("get-order", "GET /orders", "customer", r"Routes: GET /orders/\{orderId\}"),
        ("expire-order", "GET /orders", "customer", "Routes: none"),
        ("place-order", "/orders", "customer", "Write method and path"),
        ("place-order", "POST /orders", "", r"pass --as customer\|staff\|admin"),
        ("place-order", "POST /orders", "ada", "no caller ada"),
        ("get-asset", "GET /assets/{file+}", "", r"Write a value in the place of \{file\+\}"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_way_out(
    examples: Examples, function: str, line: str, caller: str, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        make(examples, function, line, caller=caller)
