"""Live updates: a customer's page hears at once that an order of theirs has changed, and of no other."""

import pytest
import websocket

from drivers.exchange import Driver
from steps.given import User
from steps.shop import then, when
from steps.shop.catalogue import A_RESTAURANT
from steps.shop.live_page import a_connected_page, a_connection, a_ticket
from steps.shop.then import DELIVERY_SECONDS
from support.stage import Stage

pytestmark = [pytest.mark.about("notifications"), pytest.mark.http_only]


@pytest.mark.parametrize(("answer", "state"), [("accept", "accepted"), ("reject", "rejected")])
def test_a_page_hears_of_a_restaurants_answer_and_then_sees_it(
    driver: Driver, customer: User, restaurant_staff: User, answer: str, state: str
) -> None:
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT))
    with a_connected_page(driver, customer.id_token) as page:
        when.a_user_answers_an_order(driver, restaurant_staff.id_token, order_id, answer)

        page.hears_of_a_change(DELIVERY_SECONDS)

    seen = then.it_shows_an_order(when.a_user_gets_an_order(driver, customer.id_token, order_id))
    assert seen.state == state


def test_every_page_of_a_customer_hears_of_it(driver: Driver, customer: User, restaurant_staff: User) -> None:
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT))
    with (
        a_connected_page(driver, customer.id_token) as one,
        a_connected_page(driver, customer.id_token) as other,
    ):
        when.a_user_answers_an_order(driver, restaurant_staff.id_token, order_id, "accept")

        one.hears_of_a_change(DELIVERY_SECONDS)
        other.hears_of_a_change(DELIVERY_SECONDS)


def test_a_page_does_not_hear_of_another_customers_order(
    driver: Driver, customer: User, another_customer: User, restaurant_staff: User
) -> None:
    mine = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT))
    theirs = then.an_order_is_placed(when.a_customer_orders_from(driver, another_customer, A_RESTAURANT))
    with (
        a_connected_page(driver, customer.id_token) as page,
        a_connected_page(driver, another_customer.id_token) as their_page,
    ):
        when.a_user_answers_an_order(driver, restaurant_staff.id_token, theirs, "accept")
        their_page.hears_of_a_change(DELIVERY_SECONDS)
        page.has_heard_nothing()

        when.a_user_answers_an_order(driver, restaurant_staff.id_token, mine, "accept")
        page.hears_of_a_change(DELIVERY_SECONDS)
        their_page.has_heard_nothing()


def test_a_ticket_opens_one_connection(driver: Driver, customer: User) -> None:
    ticket = a_ticket(driver, customer.id_token)

    with a_connection(ticket.url):
        it_is_refused(ticket.url)
    it_is_refused(ticket.url)


@pytest.mark.parametrize("query", ["", "?ticket=", "?ticket=made-up", "?ticket=" + "a" * 4000])
def test_nobody_connects_without_a_ticket(stage: Stage, query: str) -> None:
    it_is_refused(stage.published("notifications", "liveUrl") + query)


def test_an_id_token_is_no_ticket(stage: Stage, customer: User) -> None:
    it_is_refused(f"{stage.published('notifications', 'liveUrl')}?ticket={customer.id_token}")


def test_whatever_a_page_sends_is_not_handled_and_harms_no_other(
    driver: Driver, customer: User, restaurant_staff: User
) -> None:
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT))
    with (
        a_connected_page(driver, customer.id_token) as page,
        a_connected_page(driver, customer.id_token) as hostile,
    ):
        for frame in (
            "",
            "{",
            "[" * 20_000,
            '{"action": "$connect"}',
            '{"action": "x"}',
            "é" * 16_000,
        ):
            hostile.socket.send(frame)
        hostile.socket.send_binary(b"\xff" * 30_000)
        when.a_user_answers_an_order(driver, restaurant_staff.id_token, order_id, "accept")

        page.hears_of_a_change(DELIVERY_SECONDS)


def it_is_refused(url: str) -> None:
    """No connection is made."""
    with pytest.raises(websocket.WebSocketBadStatusException) as refused, a_connection(url):
        pass
    assert refused.value.status_code == 403
