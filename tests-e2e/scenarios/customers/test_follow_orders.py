"""GET /orders and GET /orders/{orderId}: the caller's own orders only."""

import base64
import json
import uuid

import pytest

from drivers.exchange import Driver
from steps.given import User
from steps.shop import then, when
from steps.shop.catalogue import A_RESTAURANT
from steps.shop.contract import Order
from support.stage import Stage

pytestmark = pytest.mark.about("orders")


def test_an_order_is_shown_to_its_customer(driver: Driver, customer: User) -> None:
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT))

    order = then.it_shows_an_order(when.a_user_gets_an_order(driver, customer.id_token, order_id))

    assert (str(order.orderId), order.restaurantName) == (order_id, A_RESTAURANT)


def test_an_order_stands_in_its_customers_list(driver: Driver, customer: User) -> None:
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT))

    page = then.it_shows_orders(when.a_user_lists_orders(driver, customer.id_token))

    assert [str(order.orderId) for order in page.orders] == [order_id]
    assert page.nextCursor is None


def test_another_customer_does_not_find_the_order(
    driver: Driver, customer: User, another_customer: User
) -> None:
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT))

    theirs = then.it_is_refused(when.a_user_gets_an_order(driver, another_customer.id_token, order_id), 404)
    missing = then.it_is_refused(
        when.a_user_gets_an_order(driver, another_customer.id_token, str(uuid.uuid4())), 404
    )

    assert theirs.detail == missing.detail


def test_another_customers_list_is_empty(driver: Driver, customer: User, another_customer: User) -> None:
    then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT))

    page = then.it_shows_orders(when.a_user_lists_orders(driver, another_customer.id_token))

    assert (page.orders, page.nextCursor) == ([], None)


def test_a_long_list_is_read_page_by_page_newest_first(driver: Driver, stage: Stage, customer: User) -> None:
    page_size = stage.quotas("orders")["list-orders"]["pageSize"]
    placed = [
        then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT))
        for _ in range(page_size + 1)
    ]

    first = then.it_shows_orders(when.a_user_lists_orders(driver, customer.id_token))
    second = then.it_shows_orders(
        when.a_user_lists_orders(driver, customer.id_token, ("cursor", first.nextCursor or ""))
    )

    assert len(first.orders) == page_size
    assert _ids(first.orders + second.orders) == placed[::-1]
    assert second.nextCursor is None


def test_a_cursor_shows_its_finder_no_orders_of_others(
    driver: Driver, customer: User, another_customer: User
) -> None:
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT))
    stolen = _cursor("9999", order_id)

    page = then.it_shows_orders(
        when.a_user_lists_orders(driver, another_customer.id_token, ("cursor", stolen))
    )

    assert page.orders == []


@pytest.mark.parametrize("cursor", ["", "x", "💥", "e30", "W10", "bnVsbA", "x" * 501])
def test_a_cursor_that_no_page_gave_is_refused(driver: Driver, any_customer: User, cursor: str) -> None:
    answer = when.a_user_lists_orders(driver, any_customer.id_token, ("cursor", cursor))

    then.it_is_refused(answer, 400)


def test_a_cursor_with_half_a_character_is_refused(driver: Driver, any_customer: User) -> None:
    answer = when.a_user_lists_orders(driver, any_customer.id_token, ("cursor", _cursor("\ud800", "x")))

    then.it_is_refused(answer, 400)


@pytest.mark.parametrize("order_id", ["x", "\x00", "💥", "%", str(uuid.UUID(int=0))], ids=ascii)
def test_an_order_that_there_is_not_is_not_found(driver: Driver, any_customer: User, order_id: str) -> None:
    then.it_is_refused(when.a_user_gets_an_order(driver, any_customer.id_token, order_id), 404)


def test_an_order_id_that_is_too_long_is_refused(driver: Driver, any_customer: User) -> None:
    answer = when.a_user_gets_an_order(driver, any_customer.id_token, "x" * 1_000)

    then.it_is_refused(answer, 400, "orderId")


def _ids(orders: list[Order]) -> list[str]:
    return [str(order.orderId) for order in orders]


def _cursor(placed_at: str, order_id: str) -> str:
    """Make a cursor as pages give them."""
    return base64.urlsafe_b64encode(json.dumps([placed_at, order_id]).encode()).decode().rstrip("=")
