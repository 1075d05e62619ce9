import base64
import json
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Annotated, Any, Literal, NamedTuple

import pytest
from pydantic import BaseModel, ConfigDict, Field, RootModel, StringConstraints, field_validator

from devtools import snapshot_hooks
from service_kit.aws import UpstreamRefused, UpstreamUnavailable
from service_kit.http import (
    Caller,
    Conflict,
    FromHeader,
    FromPath,
    HttpContract,
    HttpResponse,
    InternalError,
    NotFound,
    ServiceUnavailable,
    TooManyRequests,
    UnprocessableContent,
    http_handler,
)
from service_kit.http._reply import Replier
from service_kit.http._request import Headers
from service_kit.invocation import LambdaHandler, correlation_id
from service_kit.parameters import FromParameter, ParameterUnavailable, override_parameters
from service_kit.settings import clear_settings
from service_kit.testing import rest_event

Event = dict[str, Any]
Build = Callable[..., Event]
Logged = Callable[[], list[Event]]


class Item(BaseModel):
    name: str


class PlaceOrder(BaseModel):
    restaurant_name: str = Field(alias="restaurantName", min_length=1, max_length=20)
    guests: int = Field(default=2, ge=1, le=8)
    price: float = 0
    items: list[Item] = []
    anything: Any = None

    @field_validator("guests")
    @classmethod
    def not_six(cls, guests: int) -> int:
        if guests == 6:
            raise ValueError("six do not fit at our tables")
        return guests


class Place(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    street_name: str = Field(alias="streetName", pattern="^[a-z]+$")


class Delivery(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    to_place: Place = Field(alias="toPlace")
    left_at: Literal["door", "desk"] | None = Field(default=None, alias="leftAt")


class Slot(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    from_hour: int = Field(default=8, alias="fromHour")


class Paging(BaseModel):
    count: int = Field(default=8, ge=1, le=50)
    newest: bool = False


Key = Annotated[str, StringConstraints(min_length=1, max_length=8)]


class Answer(BaseModel):
    order_id: str = Field(serialization_alias="orderId", min_length=3)


class Defaults(BaseModel):
    guests: int = 2


class OrderError(Exception):
    pass


class NoSuchOrder(OrderError):  # noqa: N818
    pass


GOOD = {"restaurantName": "Fangtasia"}


@http_handler()
def echo(body: PlaceOrder, query: Paging, name: Annotated[str, FromPath()]) -> dict[str, Any]:
    return {"restaurant": body.restaurant_name, "guests": body.guests, "count": query.count, "name": name}


@http_handler(max_body_bytes=1_000)
def place(body: PlaceOrder) -> dict[str, Any]:
    return body.model_dump(mode="json")


@http_handler()
def keyed(idempotency_key: Annotated[Key | None, FromHeader()] = None) -> str:
    return idempotency_key or ""


@http_handler()
def deliver(body: Delivery, query: Slot) -> dict[str, Any]:
    return {"street": body.to_place.street_name, "hour": query.from_hour}


@http_handler()
def paged(query: Paging) -> dict[str, int]:
    return {"count": query.count}


@http_handler()
def named(name: Annotated[str, FromPath()]) -> dict[str, str]:
    return {"name": name}


def answering(result: Any, response: Any = Answer) -> LambdaHandler[dict[str, Any]]:
    def handle() -> Any:
        return result

    handle.__annotations__["return"] = response
    return http_handler()(handle)


def raising(error: Exception, **options: Any) -> LambdaHandler[dict[str, Any]]:
    @http_handler(**options)
    def handle() -> None:
        raise error

    return handle


def errors_of(reply: Event) -> list[tuple[str, str, str]]:
    assert reply["statusCode"] == 400, reply
    assert reply["headers"]["content-type"] == "application/problem+json"
    problem = json.loads(reply["body"])
    return [(error["location"], error["field"], error["message"]) for error in problem["errors"]]


class TestRequest:
    def test_body_query_and_path_reach_the_function_as_models(self, context: Any) -> None:
        event = rest_event(GOOD, queryStringParameters={"count": "5"}, pathParameters={"name": "o-1"})
        reply = echo(event, context)
        assert reply["statusCode"] == 200
        assert json.loads(reply["body"]) == {
            "restaurant": "Fangtasia",
            "guests": 2,
            "count": 5,
            "name": "o-1",
        }

    def test_bad_fields_of_all_parts_are_named_at_once(self, context: Any) -> None:
        event = rest_event({"guests": 9}, queryStringParameters={"count": "51"})
        assert errors_of(echo(event, context)) == [
            ("path", "name", "Field required"),
            ("query", "count", "Input should be less than or equal to 50"),
            ("body", "restaurantName", "Field required"),
            ("body", "guests", "Input should be less than or equal to 8"),
        ]

    def test_a_nested_field_is_named_by_its_path(self, context: Any) -> None:
        event = rest_event(GOOD | {"items": [{"name": "a"}, {"name": 1}]})
        assert errors_of(place(event, context)) == [
            ("body", "items.1.name", "Input should be a valid string")
        ]

    def test_a_model_s_own_message_is_shown_as_it_is(self, context: Any) -> None:
        event = rest_event(GOOD | {"guests": 6})
        assert errors_of(place(event, context)) == [("body", "guests", "six do not fit at our tables")]

    def test_a_number_has_up_to_a_hundred_digits(self, context: Any) -> None:
        def answer(digits: int) -> Any:
            text = json.dumps(GOOD)[:-1] + ', "unknown": ' + "1" * digits + "}"
            return place(rest_event(text), context)["statusCode"]

        assert [answer(100), answer(101)] == [200, 400]

    def test_the_content_type_does_not_matter(self, context: Any) -> None:
        event = rest_event(GOOD, headers={"content-type": "text/plain"})
        assert place(event, context)["statusCode"] == 200

    def test_a_strict_model_reads_json_types(self, context: Any) -> None:
        class Strict(BaseModel):
            model_config = ConfigDict(strict=True)
            day: date
            count: int = 1

        @http_handler()
        def handle(body: Strict, query: Strict) -> list[int]:
            return [body.day.day, query.count]

        query = {"day": "2024-01-02", "count": "4"}
        reply = handle(rest_event({"day": "2024-01-31"}, queryStringParameters=query), context)
        assert reply["body"] == "[31,4]"

    def test_unknown_fields_are_the_model_s_decision(self, context: Any) -> None:
        class Closed(BaseModel):
            model_config = ConfigDict(extra="forbid")

        @http_handler()
        def handle(body: Closed) -> dict[str, str]:
            return {}

        assert place(rest_event(GOOD | {"unknown": 1}), context)["statusCode"] == 200
        assert errors_of(handle(rest_event({"unknown": 1}), context)) == [
            ("body", "unknown", "Extra inputs are not permitted")
        ]

    @pytest.mark.parametrize(
        ("body", "query", "expected"),
        [
            ({"toPlace": {"streetName": "elm"}}, {"fromHour": "9"}, []),
            (
                {"to_place": {"streetName": "elm"}},
                None,
                [
                    ("body", "to_place", "Unknown field: write toPlace"),
                    ("body", "toPlace", "Field required"),
                ],
            ),
            (
                {"toPlace": {"streetName": "elm"}, "to_place": {"streetName": "oak"}},
                None,
                [("body", "to_place", "Unknown field: write toPlace")],
            ),
            ({"toPlace": {"street_name": "elm"}}, None, [("body", "toPlace.streetName", "Field required")]),
            (
                {"toPlace": {"streetName": "elm"}, "left_at": "door"},
                None,
                [("body", "left_at", "Unknown field: write leftAt")],
            ),
            (
                {"toPlace": {"streetName": "elm"}},
                {"from_hour": "9"},
                [("query", "from_hour", "Unknown field: write fromHour")],
            ),
        ],
    )
    def test_a_field_has_one_name(
        self, context: Any, body: Any, query: Any, expected: list[tuple[str, str, str]]
    ) -> None:
        reply = deliver(rest_event(body, queryStringParameters=query), context)
        assert reply["statusCode"] == (400 if expected else 200)
        if expected:
            assert sorted(errors_of(reply)) == sorted(expected)

    @pytest.mark.parametrize(
        ("place", "field"),
        [({"streetName": "1"}, "toPlace.streetName"), ("elm", "toPlace"), (None, "toPlace"), ([], "toPlace")],
    )
    def test_no_message_shows_the_code_s_expressions_and_classes(
        self, context: Any, place: Any, field: str
    ) -> None:
        [(_, named, message)] = errors_of(deliver(rest_event({"toPlace": place}), context))
        assert named == field
        assert message.startswith("Input should")
        for code in ("[a-z]", "pattern", "Place", "instance", "dictionary"):
            assert code not in message

    def test_headers_are_found_whatever_their_case(self, context: Any) -> None:
        @http_handler()
        def handle(
            idempotency_key: Annotated[str, FromHeader()],
            missing: Annotated[str | None, FromHeader()] = None,
        ) -> list[Any]:
            return [idempotency_key, missing]

        reply = handle(rest_event(headers={"IDEMPOTENCY-Key": "k-1"}), context)
        assert json.loads(reply["body"]) == ["k-1", None]

    @pytest.mark.parametrize(("key", "status"), [(None, 200), ("k", 200), ("", 400), ("k" * 9, 400)])
    def test_headers_are_held_to_their_model(self, context: Any, key: str | None, status: int) -> None:
        reply = keyed(rest_event(headers={} if key is None else {"IDEMPOTENCY-key": key}), context)
        assert reply["statusCode"] == status

    def test_a_header_that_does_not_fit_is_named_as_callers_write_it(self, context: Any) -> None:
        [(location, field, _)] = errors_of(keyed(rest_event(headers={"idempotency-key": ""}), context))
        assert (location, field) == ("header", "Idempotency-Key")

    def test_a_handler_tells_which_problems_its_errors_become(self) -> None:
        @http_handler(errors={KeyError: NotFound}, answers={200: ["text/html"]})
        def handle() -> None:
            raise KeyError

        contract = handle.contract
        assert (set(contract.problems), dict(contract.answers)) == ({NotFound}, {200: ["text/html"]})

    def test_a_handler_tells_its_contract(self) -> None:
        path = echo.contract.path
        assert echo.contract == HttpContract(
            body=PlaceOrder, query=Paging, path=path, response=dict[str, Any]
        )
        assert path is not None
        assert [field.alias for field in path.model_fields.values()] == ["name"]

    @pytest.mark.parametrize(
        "missing", ["headers", "requestContext", "queryStringParameters", "pathParameters"]
    )
    def test_members_that_gateways_leave_null_are_empty(self, context: Any, missing: str) -> None:
        assert paged(rest_event() | {missing: None}, context)["statusCode"] == 200


class TestBody:
    @pytest.mark.parametrize(
        ("body", "message"),
        [
            (None, "Field required"),
            ("", "Field required"),
            ("{", "Input should be JSON"),
            ("restaurantName=x", "Input should be JSON"),
            ('{"restaurantName": "x",}', "Input should be JSON"),
            ('{"restaurantName": "x"} {}', "Input should be JSON"),
            ('{"restaurantName": "x"}\u00a0', "Input should be JSON"),
            ('\u2003{"restaurantName": "x"}', "Input should be JSON"),
            ("\ufeff{}", "Input should be JSON"),
            ("[]", "Input should be a JSON object"),
            ('"text"', "Input should be a JSON object"),
            ("null", "Input should be a JSON object"),
            ('{"price": NaN}', "Input should be JSON, which has no NaN"),
            ('{"price": -Infinity}', "Input should be JSON, which has no -Infinity"),
            ('{"price": 1e999}', "Input should have smaller numbers"),
            ('{"price": 1' + "0" * 400 + "}", "Input should have smaller numbers"),
            ('{"guests": ' + "1" * 900 + "}", "Input should have smaller numbers"),
            ('{"restaurantName": "caf\ufffd"}', "Input should be UTF-8 text"),
            ('{"restaurantName": "\ud800"}', "Input should be UTF-8 text"),
        ],
    )
    def test_a_body_that_is_no_json_object_is_refused(
        self, context: Any, body: str | None, message: str
    ) -> None:
        assert errors_of(place(rest_event(body), context)) == [("body", "", message)]

    @pytest.mark.parametrize(
        "body",
        [
            '{"restaurantName": "a", "restaurantName": "b"}',
            '{"anything": [{"x": {"restaurantName": 1, "restaurantName": 1}}]}',
            '{"restaurantName": "a", "restaurant\\u004eame": "b"}',
            '{"first": 1, "restaurantName": "a", "restaurantName": "b", "last": 1}',
        ],
    )
    def test_a_duplicate_key_is_named_wherever_it_stands(self, context: Any, body: str) -> None:
        assert errors_of(place(rest_event(body), context)) == [
            ("body", "restaurantName", "Input should be given only once")
        ]

    @pytest.mark.parametrize("shape", ["[", '{"a":'])
    def test_deep_nesting_is_refused(self, context: Any, shape: str) -> None:
        @http_handler()
        def handle(body: PlaceOrder) -> None:
            pass

        reply = handle(rest_event('{"anything":' + shape * 12_000), context)
        assert errors_of(reply) == [("body", "", "Input should be nested less deeply")]

    def test_nesting_deeper_than_pydantic_reads_is_refused(self, context: Any) -> None:
        body = '{"restaurantName":"a","anything":' + "[" * 300 + "]" * 300 + "}"
        ((location, _, message),) = errors_of(place(rest_event(body), context))
        assert location == "body"
        assert "recursion limit" in message

    def test_an_escaped_lone_surrogate_is_refused(self, context: Any) -> None:
        assert errors_of(place(rest_event('{"restaurantName": "\\ud800"}'), context))

    def test_a_base64_body_is_decoded(self, context: Any) -> None:
        body = base64.b64encode('{"restaurantName": "Café"}'.encode()).decode()
        reply = place(rest_event(body, isBase64Encoded=True), context)
        assert json.loads(reply["body"])["restaurant_name"] == "Café"

    @pytest.mark.parametrize("body", ["***", "/////w==", "abc"])
    def test_a_base64_body_that_is_no_text_is_refused(self, context: Any, body: str) -> None:
        reply = place(rest_event(body, isBase64Encoded=True), context)
        assert errors_of(reply) == [("body", "", "Input should be UTF-8 text")]

    def test_a_body_may_have_just_as_many_bytes_as_allowed(self, context: Any) -> None:
        body = json.dumps(GOOD).ljust(1_000)
        assert place(rest_event(body), context)["statusCode"] == 200
        reply = place(rest_event(body + " "), context)
        assert reply["statusCode"] == 413
        assert json.loads(reply["body"])["detail"] == "The body has 1001 bytes; at most 1000 are read."

    def test_bytes_are_counted_and_not_characters(self, context: Any) -> None:
        assert place(rest_event('{"anything": "' + "é" * 600 + '"}'), context)["statusCode"] == 413

    def test_bytes_are_counted_after_base64(self, context: Any) -> None:
        body = base64.b64encode(json.dumps(GOOD).ljust(1_000).encode()).decode()
        assert len(body) > 1_000
        assert place(rest_event(body, isBase64Encoded=True), context)["statusCode"] == 200

    def test_a_body_that_nobody_asked_for_is_not_read(self, context: Any) -> None:
        assert paged(rest_event("{"), context)["statusCode"] == 200


class TestQueryAndPath:
    def test_a_repeated_parameter_is_named(self, context: Any) -> None:
        event = rest_event(
            queryStringParameters={"count": "2", "newest": "true"},
            multiValueQueryStringParameters={"count": ["1", "2"], "newest": ["true"]},
        )
        assert errors_of(paged(event, context)) == [("query", "count", "Input should be given only once")]

    @pytest.mark.parametrize("value", ["0", "51", "x", "", "1.5", "NaN"])
    def test_a_parameter_out_of_bounds_is_named(self, context: Any, value: str) -> None:
        reply = paged(rest_event(queryStringParameters={"count": value}), context)
        ((location, field, _),) = errors_of(reply)
        assert (location, field) == ("query", "count")

    @pytest.mark.parametrize(
        ("path", "given", "name"),
        [
            ("/restaurants/Freddy%27s%20BBQ%20Joint", "Freddy%27s%20BBQ%20Joint", "Freddy's BBQ Joint"),
            ("/restaurants/Freddy's BBQ Joint", "Freddy's BBQ Joint", "Freddy's BBQ Joint"),
            ("/restaurants/Lil'%20Bits", "Lil'%20Bits", "Lil' Bits"),
            ("/restaurants/Caf%C3%A9", "Caf%C3%A9", "Café"),
            ("/restaurants/Café", "Café", "Café"),
            ("/restaurants/100%25%20Pizza", "100%25%20Pizza", "100% Pizza"),
            ("/restaurants/100% Pizza", "100% Pizza", "100% Pizza"),
            ("/restaurants/%2541", "%2541", "%41"),
            ("/restaurants/a+b", "a+b", "a+b"),
            ("/restaurants/a%2Fb", "a%2Fb", "a/b"),
        ],
    )
    def test_a_path_parameter_is_decoded_just_once(
        self, context: Any, path: str, given: str, name: str
    ) -> None:
        reply = named(rest_event(path=path, pathParameters={"name": given}), context)
        assert json.loads(reply["body"]) == {"name": name}

    def test_a_path_parameter_that_is_no_text_is_named(self, context: Any) -> None:
        event = rest_event(path="/restaurants/%FF", pathParameters={"name": "%FF"})
        assert errors_of(named(event, context)) == [("path", "name", "Input should be UTF-8 text")]

    def test_a_lone_surrogate_in_a_parameter_is_refused(self, context: Any) -> None:
        event = rest_event(path="/restaurants/\ud800", pathParameters={"name": "\ud800"})
        assert errors_of(named(event, context)) == [("path", "name", "Input should be UTF-8 text")]


class TestCaller:
    @staticmethod
    def ask(context: Any, claims: dict[str, Any] | None, group: str | None = None) -> Event:
        @http_handler(group=group)
        def handle(caller: Caller) -> dict[str, Any]:
            return {
                "id": caller.user_id,
                "name": caller.username,
                "email": caller.email,
                "groups": sorted(caller.groups),
            }

        authorizer = None if claims is None else {"claims": claims}
        gateway = {"requestId": "gateway-request", "authorizer": authorizer}
        return handle(rest_event(requestContext=gateway), context)

    def test_the_caller_is_read_from_the_claims(self, context: Any) -> None:
        claims = {
            "sub": "u-1",
            "cognito:username": "ada",
            "email": "ada@example.com",
            "cognito:groups": "customers",
        }
        assert json.loads(self.ask(context, claims)["body"]) == {
            "id": "u-1",
            "name": "ada",
            "email": "ada@example.com",
            "groups": ["customers"],
        }

    @pytest.mark.parametrize(
        ("is_verified", "expected"),
        [
            ("true", "ada@example.com"),
            (True, "ada@example.com"),
            ("false", None),
            (False, None),
            ("", None),
            (None, None),
            ("yes", None),
            (["true"], None),
        ],
    )
    def test_an_address_counts_as_verified_only_when_the_token_says_so(
        self, context: Any, is_verified: object, expected: str | None
    ) -> None:
        @http_handler()
        def handle(caller: Caller) -> dict[str, Any]:
            return {"verified": caller.verified_email}

        claims = {"sub": "u-1", "email": "ada@example.com", "email_verified": is_verified}
        gateway = {"requestId": "gateway-request", "authorizer": {"claims": claims}}
        reply = handle(rest_event(requestContext=gateway), context)
        assert json.loads(reply["body"]) == {"verified": expected}

    @pytest.mark.parametrize("groups", ["a,b", "[a b]", "a b", "[a, b]", ["a", "b"], "[b a]"])
    def test_groups_are_read_however_the_gateway_writes_them(self, context: Any, groups: Any) -> None:
        reply = self.ask(context, {"sub": "u-1", "cognito:groups": groups})
        assert json.loads(reply["body"])["groups"] == ["a", "b"]

    def test_a_group_keeps_the_letters_of_its_name(self, context: Any) -> None:
        reply = self.ask(context, {"sub": "u-1", "cognito:groups": "[X MAX]"})
        assert json.loads(reply["body"])["groups"] == ["MAX", "X"]

    @pytest.mark.parametrize(
        ("names", "expected"),
        [
            ({"cognito:username": "ada", "username": "ada-too"}, "ada"),
            ({"username": "ada-too"}, "ada-too"),
            ({}, "u-1"),
        ],
    )
    def test_a_caller_has_the_name_that_the_pool_or_else_the_token_gives(
        self, context: Any, names: dict[str, str], expected: str
    ) -> None:
        reply = self.ask(context, {"sub": "u-1"} | names)
        assert json.loads(reply["body"])["name"] == expected

    @pytest.mark.parametrize("claims", [None, {}, {"email": "ada@example.com"}])
    def test_a_request_without_an_identity_is_unauthorized(
        self, context: Any, claims: dict[str, Any] | None
    ) -> None:
        reply = self.ask(context, claims)
        assert reply["statusCode"] == 401
        assert reply["headers"]["www-authenticate"] == "Bearer"
        assert json.loads(reply["body"])["detail"] == "Send the ID token of a signed-in user."

    @pytest.mark.parametrize("groups", [None, "", "customers", "restaurant-admins-not"])
    def test_a_caller_outside_the_group_is_forbidden(self, context: Any, groups: str | None) -> None:
        claims = {"sub": "u-1", "cognito:groups": groups}
        reply = self.ask(context, claims, "restaurant-admins")
        assert reply["statusCode"] == 403
        assert json.loads(reply["body"])["detail"] == "Only members of restaurant-admins may do this."

    def test_an_access_token_is_no_proof_of_who_calls(self, context: Any) -> None:
        reply = self.ask(context, {"sub": "u-1", "token_use": "access"})
        assert reply["statusCode"] == 401

    def test_an_access_token_is_refused_also_where_nobody_asks_who_calls(self, context: Any) -> None:
        claims = {"sub": "u-1", "token_use": "access"}
        gateway = {"requestId": "gateway-request", "authorizer": {"claims": claims}}
        assert paged(rest_event(requestContext=gateway), context)["statusCode"] == 401

    def test_an_access_token_learns_nothing_of_what_fits(self, context: Any) -> None:
        claims = {"sub": "u-1", "token_use": "access"}
        gateway = {"requestId": "gateway-request", "authorizer": {"claims": claims}}
        assert place(rest_event(body="not JSON", requestContext=gateway), context)["statusCode"] == 401

    def test_a_caller_outside_the_group_learns_nothing_of_what_fits(self, context: Any) -> None:
        @http_handler(group="restaurant-admins")
        def handle(body: Answer) -> None:
            raise AssertionError(body)

        gateway = {"requestId": "gateway-request", "authorizer": {"claims": {"sub": "u-1"}}}
        assert handle(rest_event(body="not JSON", requestContext=gateway), context)["statusCode"] == 403

    def test_a_caller_in_the_group_may(self, context: Any) -> None:
        claims = {"sub": "u-1", "cognito:groups": "customers,restaurant-admins"}
        assert self.ask(context, claims, "restaurant-admins")["statusCode"] == 200


SECURITY = {
    "strict-transport-security": "max-age=63072000",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}


class TestReply:
    @pytest.mark.parametrize(
        "answer",
        [
            {"a": 1},
            None,
            HttpResponse(body="<h1>é</h1>", content_type="text/html"),
            HttpResponse(status=304),
            NotFound(),
            ZeroDivisionError(),
        ],
        ids=lambda answer: type(answer).__name__,
    )
    def test_every_answer_tells_browsers_what_not_to_do_with_it(self, context: Any, answer: Any) -> None:
        @http_handler()
        def handle() -> Any:
            if isinstance(answer, Exception):
                raise answer
            return answer

        assert handle(rest_event(), context)["headers"].items() >= SECURITY.items()

    def test_a_page_may_have_a_policy_of_its_own(self, context: Any) -> None:
        page = HttpResponse(body="", headers={"Content-Security-Policy": "default-src 'self'"})
        reply = answering(page, Any)(rest_event(), context)
        assert reply["headers"]["content-security-policy"] == "default-src 'self'"

    def test_a_model_is_sent_as_compact_json_by_its_aliases(self, context: Any) -> None:
        reply = answering(Answer(order_id="o-1"))(rest_event(), context)
        assert reply["statusCode"] == 200
        assert reply["body"] == '{"orderId":"o-1"}'
        assert reply["headers"]["content-type"] == "application/json"
        assert reply["headers"]["cache-control"] == "no-store"
        assert reply["headers"]["x-content-type-options"] == "nosniff"

    def test_a_list_of_dictionaries_is_checked_too(self, context: Any) -> None:
        reply = answering([{"order_id": "o-1"}], list[Answer])(rest_event(), context)
        assert reply["body"] == '[{"orderId":"o-1"}]'

    def test_members_that_the_response_does_not_have_are_not_sent(self, context: Any) -> None:
        reply = answering({"order_id": "o-1", "internal": "x"})(rest_event(), context)
        assert reply["body"] == '{"orderId":"o-1"}'

    @pytest.mark.parametrize(
        ("result", "response"),
        [
            ({"order_id": "no"}, Answer),
            ({}, Answer),
            ([{"order_id": "o-1"}, {"order_id": None}], list[Answer]),
            (Answer.model_construct(order_id="no"), Answer),
            ([Answer.model_construct(order_id="")], list[Answer]),
            ({"order_id": "o-1\ud800"}, Answer),
            pytest.param({"a": object()}, Any, id="what JSON has no form for"),
        ],
    )
    def test_a_result_that_does_not_fit_is_a_500_and_counted(
        self, context: Any, logged: Logged, result: Any, response: Any
    ) -> None:
        reply = answering(result, response)(rest_event(), context)
        assert reply["statusCode"] == 500
        assert json.loads(reply["body"])["title"] == "Internal Server Error"
        of_service, error, metric = logged()
        assert error["level"] == "ERROR"
        assert of_service["InvalidResponse"] == metric["ServerError"] == [1.0]

    def test_none_is_no_content(self, context: Any) -> None:
        reply = answering(None, Any)(rest_event(), context)
        assert (reply["statusCode"], reply["body"]) == (204, "")

    def test_none_where_a_response_is_promised_is_a_500(self, context: Any) -> None:
        assert answering(None)(rest_event(), context)["statusCode"] == 500

    def test_html_is_sent_as_it_is(self, context: Any) -> None:
        page = HttpResponse(
            body="<h1>é</h1>",
            content_type="text/html; charset=utf-8",
            headers={"Cache-Control": "public, max-age=60"},
        )
        reply = answering(page, Any)(rest_event(), context)
        assert reply["body"] == "<h1>é</h1>"
        assert reply["headers"]["content-type"] == "text/html; charset=utf-8"
        assert reply["headers"]["cache-control"] == "public, max-age=60"
        assert reply["headers"]["x-content-type-options"] == "nosniff"

    def test_another_status_can_carry_a_checked_model(self, context: Any) -> None:
        created = HttpResponse(201, Answer(order_id="o-1"), headers={"location": "/orders/o-1"})
        reply = answering(created)(rest_event(), context)
        assert (reply["statusCode"], reply["body"]) == (201, '{"orderId":"o-1"}')
        assert reply["headers"]["location"] == "/orders/o-1"

    def test_a_body_of_another_status_that_does_not_fit_is_a_500(self, context: Any) -> None:
        assert answering(HttpResponse(201, {"order_id": 1}))(rest_event(), context)["statusCode"] == 500

    def test_a_status_can_stand_alone(self, context: Any) -> None:
        reply = answering(HttpResponse(202), Any)(rest_event(), context)
        assert (reply["statusCode"], reply["body"]) == (202, "")

    def test_cors_is_answered_when_the_settings_say_so(
        self, context: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert "access-control-allow-origin" not in paged(rest_event(), context)["headers"]
        monkeypatch.setenv("CORS_ALLOWED_ORIGIN", "https://app.example")
        clear_settings()
        assert paged(rest_event(), context)["headers"]["access-control-allow-origin"] == "https://app.example"

    def test_a_page_may_read_when_to_come_back(self, context: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CORS_ALLOWED_ORIGIN", "*")
        clear_settings()
        reply = raising(ServiceUnavailable())(rest_event(), context)
        assert reply["headers"]["retry-after"] == "5"
        assert "retry-after" in reply["headers"]["access-control-expose-headers"]

    @pytest.mark.parametrize(
        ("given", "answered"),
        [("trace-1", "trace-1"), ("bad id", "gateway-request"), ("x" * 129, "gateway-request")],
    )
    def test_a_sane_correlation_id_is_kept_and_answered(
        self, context: Any, given: str, answered: str
    ) -> None:
        @http_handler()
        def handle() -> list[str | None]:
            return [correlation_id()]

        reply = handle(rest_event(headers={"X-Correlation-Id": given}), context)
        assert reply["headers"]["x-correlation-id"] == answered
        assert reply["headers"]["x-request-id"] == "gateway-request"
        assert reply["headers"]["x-request-id"] == "gateway-request"
        assert json.loads(reply["body"]) == [answered]


class TestProblem:
    def test_a_problem_is_answered_with_the_request_id(self, context: Any) -> None:
        reply = raising(NotFound("No such order."))(rest_event(), context)
        assert reply["statusCode"] == 404
        assert reply["headers"]["content-type"] == "application/problem+json"
        assert reply["headers"]["x-correlation-id"] == "gateway-request"
        assert json.loads(reply["body"]) == {
            "type": "about:blank",
            "title": "Not Found",
            "status": 404,
            "detail": "No such order.",
            "requestId": "gateway-request",
        }

    @pytest.mark.parametrize(
        ("error", "level", "said"),
        [
            (NotFound("No such order."), "INFO", {"status": 404, "problem": "Not Found"}),
            (InternalError("On fire."), "ERROR", {"status": 500, "reason": "On fire."}),
            (ServiceUnavailable("Not now."), "ERROR", {"status": 503, "reason": "Not now."}),
        ],
    )
    def test_what_was_answered_is_logged(
        self, logged: Logged, error: Exception, level: str, said: dict[str, object]
    ) -> None:
        raising(error)(rest_event(), SimpleNamespace(aws_request_id="r", function_name="f"))
        line, *_ = logged()
        assert line["level"] == level
        assert line["message"]
        assert {name: line[name] for name in said} == said

    @pytest.mark.parametrize(
        ("error", "times"),
        [
            (NotFound("No such order."), 0),
            (ServiceUnavailable("Not now."), 1),
            (ParameterUnavailable("/orders/test/place-order/config", "ThrottlingException"), 1),
            (RuntimeError("a bug"), 1),
        ],
    )
    def test_an_answer_that_blames_the_server_is_counted_once(
        self, logged: Logged, error: Exception, times: int
    ) -> None:
        raising(error)(rest_event(), SimpleNamespace(aws_request_id="r", function_name="f"))
        counted = [line for line in logged() if "ServerError" in line]
        assert [(line["ServerError"], line["function"]) for line in counted] == [([1.0], "f")] * times

    def test_a_domain_error_is_the_problem_it_is_mapped_to(self, context: Any) -> None:
        reply = raising(NoSuchOrder("No order o-1."), errors={NoSuchOrder: NotFound})(rest_event(), context)
        assert reply["statusCode"] == 404
        assert json.loads(reply["body"])["detail"] == "No order o-1."

    def test_the_nearest_class_of_a_domain_error_wins(self, context: Any) -> None:
        mapping = {OrderError: Conflict, NoSuchOrder: UnprocessableContent}
        assert raising(NoSuchOrder(), errors=mapping)(rest_event(), context)["statusCode"] == 422
        assert raising(OrderError(), errors=mapping)(rest_event(), context)["statusCode"] == 409

    def test_a_validation_error_of_the_domain_is_our_fault_and_not_shown(
        self, context: Any, logged: Logged
    ) -> None:
        @http_handler(errors={ValueError: UnprocessableContent})
        def handle() -> None:
            Item.model_validate({"name": ["stored secret".replace(" ", "-")]})

        reply = handle(rest_event(), context)
        assert reply["statusCode"] == 500
        assert "stored-secret" not in reply["body"] + json.dumps(logged())

    def test_an_unavailable_parameter_is_a_503_and_the_log_names_it(
        self, context: Any, logged: Logged
    ) -> None:
        error = ParameterUnavailable("/orders/test/place-order/config", "ThrottlingException")
        reply = raising(error)(rest_event(), context)
        assert reply["statusCode"] == 503
        assert "retry-after" in reply["headers"]
        assert "/orders/test" not in reply["body"]
        line, metric = logged()
        assert line["level"] == "ERROR"
        assert "/orders/test/place-order/config" in line["reason"]
        assert metric["ServerError"] == [1.0]

    def test_an_unavailable_upstream_is_a_503(self, context: Any) -> None:
        assert raising(UpstreamUnavailable("no answer"))(rest_event(), context)["statusCode"] == 503

    def test_a_refusing_upstream_is_our_fault(self, context: Any) -> None:
        assert raising(UpstreamRefused("answered 403", 403))(rest_event(), context)["statusCode"] == 500

    def test_anything_else_is_a_500_that_tells_nothing(self, context: Any, logged: Logged) -> None:
        reply = raising(RuntimeError("table orders-test is on fire"))(rest_event(), context)
        assert reply["statusCode"] == 500
        assert json.loads(reply["body"]) == {
            "type": "about:blank",
            "title": "Internal Server Error",
            "status": 500,
            "requestId": "gateway-request",
        }
        line, *_ = logged()
        assert "table orders-test is on fire" in line["exception"]
        assert line["correlation_id"] == "gateway-request"

    def test_an_incomplete_environment_is_a_500(self, context: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("POWERTOOLS_SERVICE_NAME")
        clear_settings()
        assert paged(rest_event(), context)["statusCode"] == 500

    @pytest.mark.parametrize("body", ['{"guests": "hunter2"}', '{"restaurantName": "hunter2'])
    def test_neither_tokens_nor_bodies_are_logged_at_any_level(
        self, context: Any, logged: Logged, body: str
    ) -> None:
        headers = {"Authorization": "Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"}
        for level in ("DEBUG", "ERROR"):
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr("service_kit.invocation.logger.initial_log_level", level)
                place(rest_event(body, headers=headers), context)
                raising(RuntimeError("broken"))(rest_event(body, headers=headers), context)
        text = json.dumps(logged())
        assert "broken" in text
        assert "hunter2" not in text
        assert "eyJ" not in text

    def test_a_field_name_that_is_no_unicode_is_told_in_ascii(self, context: Any) -> None:
        event = rest_event(
            queryStringParameters={"\ud800": "b"},
            multiValueQueryStringParameters={"\ud800": ["a", "b"]},
        )
        reply = paged(event, context)
        assert reply["body"].isascii()
        assert errors_of(reply) == [("query", "\ud800", "Input should be given only once")]


def test_headers_are_a_mapping_in_lower_case() -> None:
    assert dict(Headers({"X-Request-Id": "1", "accept": "a"})) == {"x-request-id": "1", "accept": "a"}
    assert len(Headers({"X-Request-Id": "1"})) == 1
    assert repr(Headers({"Authorization": "token"})) == "Headers(['authorization'])"


def test_the_message_of_an_assertion_is_shown_as_it_is(context: Any) -> None:
    class Even(BaseModel):
        guests: int

        @field_validator("guests")
        @classmethod
        def _even(cls, guests: int) -> int:
            if guests % 2:
                raise AssertionError("only pairs")
            return guests

    @http_handler()
    def handle(body: Even) -> None: ...

    assert errors_of(handle(rest_event({"guests": 3}), context)) == [("body", "guests", "only pairs")]


class Aliased(BaseModel):
    order_id: str = Field(alias="orderId", min_length=3)


class Pair(NamedTuple):
    first: Answer
    second: Answer


UNCHECKED = Answer.model_construct(order_id="")


@pytest.mark.parametrize(
    ("result", "response"),
    [
        ({"a": UNCHECKED}, dict[str, Answer]),
        ({"a": [UNCHECKED]}, dict[str, list[Answer]]),
        (RootModel[Any].model_construct({"order_id": ""}), Answer),
        ([Answer(order_id="o-1"), UNCHECKED], list[Answer]),
        (Pair(Answer(order_id="o-1"), UNCHECKED), list[Answer]),
    ],
)
def test_a_model_that_was_made_unchecked_is_not_sent_wherever_it_stands(
    context: Any, result: Any, response: Any
) -> None:
    assert answering(result, response)(rest_event(), context)["statusCode"] == 500


@pytest.mark.parametrize(
    ("result", "response", "sent"),
    [
        ({"a": Answer(order_id="o-1")}, dict[str, Answer], {"a": {"orderId": "o-1"}}),
        ({"a": {"b": [Answer(order_id="o-1")]}}, Any, {"a": {"b": [{"orderId": "o-1"}]}}),
        (
            Pair(Answer(order_id="o-1"), Answer(order_id="o-2")),
            list[Answer],
            [{"orderId": "o-1"}, {"orderId": "o-2"}],
        ),
        (RootModel[Any]({"order_id": "o-1"}), Answer, {"orderId": "o-1"}),
        ({"order_id": "o-1"}, Aliased, {"orderId": "o-1"}),
        ({"orderId": "o-1"}, Aliased, {"orderId": "o-1"}),
    ],
)
def test_a_result_is_sent_by_its_aliases_however_it_was_made(
    context: Any, result: Any, response: Any, sent: Any
) -> None:
    reply = answering(result, response)(rest_event(), context)
    assert (reply["statusCode"], json.loads(reply["body"])) == (200, sent)


@pytest.mark.parametrize(
    ("content_type", "stored"),
    [("application/json", "no-store"), ("application/json; charset=utf-8", "no-store"), ("text/html", None)],
)
def test_a_text_is_kept_by_nobody_when_it_is_json(
    context: Any, content_type: str, stored: str | None
) -> None:
    answer = HttpResponse(status=203, body="{}", content_type=content_type)
    reply = answering(answer, Any)(rest_event(), context)
    assert (reply["statusCode"], reply["body"]) == (203, "{}")
    assert reply["headers"]["content-type"] == content_type
    assert reply["headers"].get("cache-control") == stored


def test_what_cannot_be_written_is_logged(context: Any, logged: Logged) -> None:
    answering({"a": object()}, Any)(rest_event(), context)
    _, error, _ = logged()
    assert "document: cannot be written as JSON" in error["exception"]


class Busy(Exception):  # noqa: N818
    retry_after_seconds = 7


@pytest.mark.parametrize(("error", "seconds"), [(Busy(), "7"), (OrderError(), "5")])
def test_an_error_of_the_domain_may_say_when_to_come_back(
    context: Any, error: Exception, seconds: str
) -> None:
    handle = raising(error, errors={Busy: TooManyRequests, OrderError: TooManyRequests})
    reply = handle(rest_event(), context)
    assert (reply["statusCode"], reply["headers"]["retry-after"]) == (429, seconds)


def test_a_problem_is_sent_as_compact_json_whatever_it_holds(context: Any) -> None:
    reply = raising(Conflict("Taken.", since=date(2026, 1, 31)))(rest_event(), context)
    assert '"since":"2026-01-31","type":"about:blank"' in reply["body"]


def test_a_handler_tells_all_of_its_contract() -> None:
    @http_handler(
        answers={200: ["text/html"]},
        response_headers=["x-more"],
        errors={OrderError: Conflict},
        group="restaurant-admins",
    )
    def handle(
        body: PlaceOrder,
        query: Paging,
        order_id: Annotated[str, FromPath()],
        idempotency_key: Annotated[Key, FromHeader()],
        config: Annotated[Defaults, FromParameter("config")],
    ) -> HttpResponse[Answer]:
        return HttpResponse(status=query.count, body=Answer(order_id=order_id))

    told = handle.contract
    assert told == HttpContract(
        body=PlaceOrder,
        query=Paging,
        path=told.path,
        headers=told.headers,
        response=Answer,
        answers={200: ["text/html"]},
        response_headers=["x-more"],
        problems=frozenset({Conflict}),
        group="restaurant-admins",
        parameters=told.parameters,
    )
    members = [
        [(field.alias, field.is_required()) for field in model.model_fields.values()]
        for model in (told.path, told.headers)
        if model is not None
    ]
    assert members == [[("orderId", True)], [("Idempotency-Key", True)]]
    assert told.parameters["config"].path == "/orders/test/test-http/config"


def test_all_parts_of_a_request_reach_a_handler(context: Any) -> None:
    @http_handler()
    def handle(
        *,
        body: PlaceOrder,
        query: Paging,
        name: Annotated[str, FromPath()],
        x_trace: Annotated[str, FromHeader()],
        caller: Caller,
        config: Annotated[Defaults, FromParameter("config")],
    ) -> list[Any]:
        return [body.restaurant_name, query.count, name, x_trace, caller.user_id, config.guests]

    gateway = {"requestId": "gateway-request", "authorizer": {"claims": {"sub": "u-1"}}}
    event = rest_event(GOOD, pathParameters={"name": "a"}, headers={"X-Trace": "t"}, requestContext=gateway)
    with override_parameters(handle, config=Defaults(guests=3)):
        reply = handle(event, context)
    assert json.loads(reply["body"]) == ["Fangtasia", 8, "a", "t", "u-1", 3]
    assert reply["isBase64Encoded"] is False


def test_a_request_that_does_not_fit_reads_no_parameter(context: Any) -> None:
    @http_handler()
    def handle(query: Paging, config: Annotated[Defaults, FromParameter("config")]) -> None:
        raise AssertionError(query, config)

    # Reading one would be an error, since they are switched off.
    assert handle(rest_event(queryStringParameters={"count": "0"}), context)["statusCode"] == 400


def test_what_a_handler_uses_is_made_while_it_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot_hooks.start(monkeypatch)
    built: list[str] = []

    @http_handler(uses=(lambda: built.append("table"), lambda: built.append("bus")))
    def handle() -> None: ...

    assert built == ["table", "bus"]


@pytest.mark.parametrize(("size", "status"), [(65_536, 204), (65_537, 413)])
def test_a_body_has_up_to_64_kib_unless_said_otherwise(context: Any, size: int, status: int) -> None:
    @http_handler()
    def handle(body: PlaceOrder) -> None: ...

    assert handle(rest_event(json.dumps(GOOD).ljust(size)), context)["statusCode"] == status


def test_pages_of_other_origins_may_read_what_a_handler_adds(
    context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CORS_ALLOWED_ORIGIN", "https://page.example")
    clear_settings()

    @http_handler(response_headers=["x-more"])
    def handle() -> None: ...

    headers = handle(rest_event(), context)["headers"]
    assert headers["access-control-allow-origin"] == "https://page.example"
    exposed = headers["access-control-expose-headers"].split(", ")
    assert exposed == ["x-request-id", "x-correlation-id", "retry-after", "date", "x-more"]


@pytest.mark.parametrize(
    ("context", "request_id"),
    [(SimpleNamespace(aws_request_id="of Lambda"), "of Lambda"), (SimpleNamespace(), "unknown")],
)
def test_a_request_that_no_gateway_named_has_the_id_of_its_invocation(context: Any, request_id: str) -> None:
    reply = answering(None, Any)(rest_event(requestContext=None), context)
    assert reply["headers"]["x-request-id"] == request_id


def test_an_answer_is_logged_with_its_status(context: Any, logged: Logged) -> None:
    answering(HttpResponse(status=203, body="a"), Any)(rest_event(), context)
    (line,) = logged()
    assert (line["level"], line["message"], line["status"]) == ("INFO", "answered", 203)


def test_what_answers_are_checked_by_is_made_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot_hooks.start(monkeypatch)
    replier = Replier(Answer)
    assert "_adapter" in vars(replier)


def test_log_lines_of_a_request_name_the_request_that_its_answer_names(
    context: Any, logged: Callable[[], list[dict[str, Any]]]
) -> None:
    @http_handler()
    def refuse() -> None:
        raise NotFound

    event = rest_event(headers={"x-correlation-id": "the-pages-own"})
    reply = refuse(event, context)
    (line,) = logged()
    assert json.loads(reply["body"])["requestId"] == line["request_id"] == "gateway-request"
    assert line["correlation_id"] == "the-pages-own"
