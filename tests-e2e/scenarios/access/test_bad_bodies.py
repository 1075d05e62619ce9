"""Bodies that do not fit are refused with a reason, on every route that reads one."""

import json
from collections.abc import Callable

import pytest

from drivers.exchange import Answer, Driver
from steps.given import User
from steps.shop import then, when

pytestmark = pytest.mark.about("restaurants")

Send = Callable[[Driver, str | None, object], Answer]


def _put(driver: Driver, token: str | None, body: object) -> Answer:
    return when.a_user_puts_a_restaurant(driver, token, "e2e bad bodies", body)


EVERY_ROUTE = [
    pytest.param(when.a_user_searches, "theme", id="search"),
    pytest.param(when.a_user_orders, "restaurantName", id="order", marks=pytest.mark.about("orders")),
    pytest.param(_put, "image", id="put"),
]
SMALL_BUT_DEEP = 5_000
HUGE = 100_000


@pytest.mark.parametrize(("send", "field"), EVERY_ROUTE)
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(None, id="none"),
        pytest.param(b"", id="empty"),
        pytest.param(b" ", id="blank"),
        pytest.param(b"theme=cartoon", id="form"),
        pytest.param(b'{"theme": "cartoon"', id="cut off"),
        pytest.param(b'{"theme": "cartoon",}', id="trailing comma"),
        pytest.param(b'{"theme": NaN, "restaurantName": NaN}', id="NaN"),
        pytest.param(b"\xff\xfe\x00", id="binary"),
        pytest.param('{"theme": "cartoon"}'.encode("utf-16"), id="UTF-16"),
        pytest.param(b"\xef\xbb\xbf{}", id="byte order mark"),
        pytest.param(b"[" * SMALL_BUT_DEEP, id="deep"),
        pytest.param(b"[]", id="list"),
        pytest.param(b'"cartoon"', id="text"),
        pytest.param(b"null", id="null"),
        pytest.param(b"1" * SMALL_BUT_DEEP, id="long number"),
    ],
)
def test_a_body_that_is_no_json_object_is_refused(
    driver: Driver, restaurant_admin: User, send: Send, field: str, body: bytes | None
) -> None:
    then.it_is_refused(send(driver, restaurant_admin.id_token, body), 400, "body")


@pytest.mark.parametrize(("send", "field"), EVERY_ROUTE)
@pytest.mark.parametrize("value", [None, 1, True, [], {}, "", "   ", "x" * 1_000])
def test_a_wrong_value_is_refused_and_its_field_named(
    driver: Driver, restaurant_admin: User, send: Send, field: str, value: object
) -> None:
    answer = send(driver, restaurant_admin.id_token, {"themes": [], field: value})

    then.it_is_refused(answer, 400, field)


@pytest.mark.parametrize(("send", "field"), EVERY_ROUTE)
def test_a_missing_field_is_refused_and_named(
    driver: Driver, restaurant_admin: User, send: Send, field: str
) -> None:
    then.it_is_refused(send(driver, restaurant_admin.id_token, {"themes": []}), 400, field)


@pytest.mark.parametrize(("send", "field"), EVERY_ROUTE)
def test_a_field_that_is_given_twice_is_refused_and_named(
    driver: Driver, restaurant_admin: User, send: Send, field: str
) -> None:
    body = f'{{"themes": [], "{field}": "one", "{field}": "two"}}'.encode()

    then.it_is_refused(send(driver, restaurant_admin.id_token, body), 400, field)


@pytest.mark.parametrize(("send", "field"), EVERY_ROUTE)
def test_text_that_is_not_utf_8_is_refused(
    driver: Driver, restaurant_admin: User, send: Send, field: str
) -> None:
    body = b'{"themes": [], "%s": "caf\xe9"}' % field.encode()

    then.it_is_refused(send(driver, restaurant_admin.id_token, body), 400, "body")


@pytest.mark.parametrize(("send", "field"), EVERY_ROUTE)
def test_half_a_character_is_refused(driver: Driver, restaurant_admin: User, send: Send, field: str) -> None:
    answer = send(driver, restaurant_admin.id_token, {"themes": [], field: "\ud800"})

    then.it_is_refused(answer, 400, "body")


@pytest.mark.parametrize(("send", "field"), EVERY_ROUTE)
@pytest.mark.parametrize("length", [HUGE, 1_200_000])
def test_a_huge_body_is_refused(
    driver: Driver, restaurant_admin: User, send: Send, field: str, length: int
) -> None:
    body = json.dumps({"themes": [], field: "x" * length}).encode()

    then.it_is_refused(send(driver, restaurant_admin.id_token, body), 413)


@pytest.mark.parametrize("count", ["five", 1.5, True, []])
def test_a_wrong_count_of_a_search_is_refused_and_named(
    driver: Driver, restaurant_admin: User, count: object
) -> None:
    answer = when.a_user_searches(driver, restaurant_admin.id_token, {"theme": "cartoon", "count": count})

    then.it_is_refused(answer, 400, "count")


def test_every_bad_field_is_named_at_once(driver: Driver, restaurant_admin: User) -> None:
    answer = when.a_user_searches(driver, restaurant_admin.id_token, {"theme": "", "count": 0})

    then.it_is_refused(answer, 400, "theme", "count")
