import json
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, StringConstraints

from devtools.contracts import openapi
from service_kit.http import Conflict, FromHeader, FromPath, HttpResponse, NotFound, http_handler
from stagectl.checkout.routes import Authorizer, Route, routes_of
from stagectl.errors import StacksError


class Details(BaseModel):
    theme: str = Field(min_length=1)


class Query(BaseModel):
    count: int | None = Field(default=None, ge=1)


OrderId = Annotated[str, StringConstraints(max_length=9), FromPath()]
Key = Annotated[str, StringConstraints(max_length=8)]


class Order(BaseModel):
    order_id: str = Field(serialization_alias="orderId")


@http_handler(errors={KeyError: NotFound, ValueError: Conflict})
def place(body: Details, idempotency_key: Annotated[Key | None, FromHeader()] = None) -> Order:
    """Place an order.

    Once.
    """
    raise AssertionError("documents are made without calling handlers")


@http_handler(group="admins")
def look(order_id: OrderId, query: Query) -> Order:
    """Show an order."""
    raise AssertionError("documents are made without calling handlers")


@http_handler()
def ping() -> None:
    """Answer."""


@http_handler(answers={200: ["text/html"], 304: []})
def page() -> HttpResponse:
    """Show the page."""
    raise AssertionError("documents are made without calling handlers")


ROUTES = [
    Route("place", "POST", "/orders", Authorizer.POOL_USER),
    Route("look", "GET", "/orders/{orderId}", Authorizer.POOL_USER),
    Route("ping", "GET", "/ping", Authorizer.AWS_IDENTITY),
    Route("page", "GET", "/pages/{file+}", Authorizer.NOBODY_ASKED),
]
HANDLERS = {"place": place, "look": look, "ping": ping, "page": page}
ALWAYS = {"429", "500", "503"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi.document("orders", ROUTES, HANDLERS)


def test_an_operation_is_called_after_its_function_and_told_by_its_first_line(
    document: dict[str, Any],
) -> None:
    operation = document["paths"]["/orders"]["post"]
    assert (operation["operationId"], operation["summary"]) == ("place", "Place an order.")


def test_a_route_that_asks_nobody_says_what_it_answers_and_no_more(document: dict[str, Any]) -> None:
    operation = document["paths"]["/pages/{file}"]["get"]
    assert "security" not in operation
    assert operation["responses"].keys() == {"200", "304"} | ALWAYS
    assert operation["responses"]["200"]["content"].keys() == {"text/html"}
    assert "content" not in operation["responses"]["304"]


def test_each_reason_for_a_refusal_is_documented(document: dict[str, Any]) -> None:
    answers = {
        operation["operationId"]: operation["responses"].keys() - ALWAYS
        for methods in document["paths"].values()
        for operation in methods.values()
    }
    assert answers == {
        "place": {"200", "400", "401", "404", "409", "413"},
        "look": {"200", "400", "401", "403"},
        "ping": {"204", "403"},
        "page": {"200", "304"},
    }


def test_every_problem_has_the_one_form(document: dict[str, Any]) -> None:
    forms = {json.dumps(response["content"]) for response in document["components"]["responses"].values()}
    assert forms == {'{"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}'}
    assert document["components"]["schemas"]["Problem"]["required"] == ["type", "title", "requestId"]


def test_parameters_come_from_path_query_and_headers(document: dict[str, Any]) -> None:
    paths = document["paths"]
    parameters = paths["/orders/{orderId}"]["get"]["parameters"] + paths["/orders"]["post"]["parameters"]
    assert parameters == [
        {"name": "orderId", "in": "path", "required": True, "schema": {"maxLength": 9, "type": "string"}},
        {"name": "count", "in": "query", "required": False, "schema": {"minimum": 1, "type": "integer"}},
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "schema": {"maxLength": 8, "type": "string"},
        },
    ]


def test_an_answer_leads_to_what_its_members_name(document: dict[str, Any]) -> None:
    assert document["paths"]["/orders"]["post"]["responses"]["200"]["links"] == {
        "look": {"operationId": "look", "parameters": {"orderId": "$response.body#/orderId"}}
    }
    assert "links" not in document["paths"]["/orders/{orderId}"]["get"]["responses"]["200"]


def test_who_is_let_through_is_documented(document: dict[str, Any]) -> None:
    assert document["paths"]["/orders/{orderId}"]["get"]["x-required-group"] == "admins"
    assert document["paths"]["/orders"]["post"]["security"] == [{"idToken": []}]
    assert document["paths"]["/ping"]["get"]["security"] == [{"signatureV4": []}]
    assert document["components"]["securitySchemes"].keys() == {"idToken", "signatureV4"}


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def references(node: Any) -> set[str]:
        if isinstance(node, dict):
            own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
            return own.union(*map(references, node.values()))
        return set().union(*map(references, node)) if isinstance(node, list) else set()

    for reference in references(document):
        _, kind, section, name = reference.split("/")
        assert name in document[kind][section]


def test_two_models_of_one_name_are_refused() -> None:
    class Order(BaseModel):
        number: int

    @http_handler()
    def other() -> Order:
        raise AssertionError("documents are made without calling handlers")

    routes = [ROUTES[0], Route("other", "GET", "/other", Authorizer.AWS_IDENTITY)]
    with pytest.raises(StacksError, match="Two models of the service are called Order"):
        openapi.document("orders", routes, HANDLERS | {"other": other})


def test_a_handler_without_a_contract_is_refused() -> None:
    with pytest.raises(StacksError, match="ping has a route, but its handler is not an http_handler"):
        openapi.document("orders", [ROUTES[2]], {"ping": object()})


@pytest.mark.parametrize(
    ("http", "authorizer"),
    [
        ({}, Authorizer.NOBODY_ASKED),
        ({"authorizer": "aws_iam"}, Authorizer.AWS_IDENTITY),
        ({"authorizer": {"type": "COGNITO_USER_POOLS", "authorizerId": "A"}}, Authorizer.POOL_USER),
    ],
)
def test_a_route_is_read_with_its_authorizer(http: dict[str, Any], authorizer: Authorizer) -> None:
    events = [{"sqs": "x"}, {"http": {"method": "get", "path": "orders/{orderId}", **http}}]
    assert routes_of({"functions": {"look": {"events": events}, "work": {}}}) == [
        Route("look", "GET", "/orders/{orderId}", authorizer)
    ]


def test_a_route_may_be_written_in_one_line() -> None:
    [route] = routes_of({"functions": {"look": {"events": [{"http": "get orders"}]}}})

    assert route == Route("look", "GET", "/orders", Authorizer.NOBODY_ASKED)


@pytest.mark.parametrize(
    "http",
    ["ANY /", {"method": "ANY", "path": "/"}, {"method": "GET", "path": "/", "authorizer": "myFunction"}],
)
def test_a_route_that_cannot_be_documented_is_refused(http: object) -> None:
    with pytest.raises(StacksError, match="look"):
        routes_of({"functions": {"look": {"events": [{"http": http}]}}})
