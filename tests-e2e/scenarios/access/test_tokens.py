"""Who has no valid ID token of the stage's user pool gets 401, on every route for customers."""

import base64
import json
import uuid
from collections.abc import Callable

import pytest

from drivers.exchange import Answer, Driver
from drivers.proxy_event import decoded
from steps.given import User
from steps.shop import catalogue, then, when

pytestmark = [pytest.mark.http_only, pytest.mark.about("restaurants")]

Call = Callable[[Driver, str | None], Answer]


def _search(driver: Driver, token: str | None) -> Answer:
    return when.a_user_searches(driver, token, {"theme": "cartoon"})


def _put(driver: Driver, token: str | None) -> Answer:
    return when.a_user_puts_a_restaurant(driver, token, catalogue.A_RESTAURANT, {})


def _delete(driver: Driver, token: str | None) -> Answer:
    return when.a_user_deletes_a_restaurant(driver, token, catalogue.A_RESTAURANT)


def _order(driver: Driver, token: str | None) -> Answer:
    return when.a_user_orders(driver, token, {"restaurantName": catalogue.A_RESTAURANT})


def _get_order(driver: Driver, token: str | None) -> Answer:
    return when.a_user_gets_an_order(driver, token, str(uuid.UUID(int=0)))


EVERY_ROUTE = [
    _search,
    _put,
    _delete,
    *(
        pytest.param(call, marks=pytest.mark.about("orders"))
        for call in (_order, _get_order, when.a_user_lists_orders)
    ),
]


@pytest.mark.parametrize("call", EVERY_ROUTE)
def test_a_request_without_a_token_is_not_authorized(driver: Driver, call: Call) -> None:
    then.it_is_refused(call(driver, None), 401)


@pytest.mark.parametrize("call", EVERY_ROUTE)
@pytest.mark.parametrize("token", ["", "x", "a.b.c", "Bearer", "null", "x" * 5_000])
def test_something_that_is_no_token_is_not_authorized(driver: Driver, call: Call, token: str) -> None:
    then.it_is_refused(call(driver, token), 401)


@pytest.mark.parametrize("call", EVERY_ROUTE)
def test_a_token_of_which_the_claims_were_changed_is_not_authorized(
    driver: Driver, any_customer: User, call: Call
) -> None:
    header, _, signature = any_customer.id_token.split(".")
    claims = decoded(any_customer.id_token) | {"cognito:groups": [catalogue.RESTAURANT_ADMINS]}

    then.it_is_refused(call(driver, f"{header}.{_encoded(claims)}.{signature}"), 401)


@pytest.mark.parametrize("call", EVERY_ROUTE)
def test_a_token_of_which_the_signature_was_changed_is_not_authorized(
    driver: Driver, any_customer: User, call: Call
) -> None:
    signed, _, signature = any_customer.id_token.rpartition(".")
    # In its middle: the last character of base64 may hold no bit that counts.
    middle = len(signature) // 2
    other = "A" if signature[middle] != "A" else "B"

    then.it_is_refused(call(driver, f"{signed}.{signature[:middle]}{other}{signature[middle + 1 :]}"), 401)


@pytest.mark.parametrize("call", EVERY_ROUTE)
def test_an_unsigned_token_is_not_authorized(driver: Driver, any_customer: User, call: Call) -> None:
    claims = _encoded(decoded(any_customer.id_token))

    then.it_is_refused(call(driver, f"{_encoded({'alg': 'none', 'typ': 'JWT'})}.{claims}."), 401)


@pytest.mark.parametrize("call", EVERY_ROUTE)
def test_a_token_of_another_issuer_is_not_authorized(driver: Driver, any_customer: User, call: Call) -> None:
    header, _, signature = any_customer.id_token.split(".")
    claims = decoded(any_customer.id_token) | {"iss": "https://issuer.example.com/somebody-elses"}

    then.it_is_refused(call(driver, f"{header}.{_encoded(claims)}.{signature}"), 401)


@pytest.mark.parametrize("call", EVERY_ROUTE)
def test_an_access_token_is_not_authorized(driver: Driver, any_customer: User, call: Call) -> None:
    then.it_is_refused(call(driver, any_customer.access_token), 401)


def _encoded(part: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
