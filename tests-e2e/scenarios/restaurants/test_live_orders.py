"""Live updates: the page of a restaurant's staff hears at once of its orders, and of no others."""

from collections.abc import Iterator

import pytest

from drivers.exchange import Driver
from steps import given
from steps.given import User
from steps.shop import catalogue, then, when
from steps.shop.live_page import a_connected_page, a_user_asks_for_a_ticket
from steps.shop.staff import staff_of
from steps.shop.then import DELIVERY_SECONDS
from support.stage import Stage

pytestmark = [pytest.mark.about("notifications"), pytest.mark.http_only]


@pytest.fixture
def cook(driver: Driver, stage: Stage, restaurant_admin: User, new_restaurant: str) -> Iterator[User]:
    """The staff of the restaurant."""
    with (
        given.a_signed_in_user(stage) as user,
        staff_of(driver, restaurant_admin, new_restaurant, user),
    ):
        yield user


@pytest.mark.parametrize(("answer", "by_customer"), [("accept", False), ("reject", False), ("cancel", True)])
def test_a_page_of_staff_hears_of_a_new_order_and_of_what_becomes_of_it(
    *, driver: Driver, customer: User, cook: User, new_restaurant: str, answer: str, by_customer: bool
) -> None:
    with a_connected_page(driver, cook.id_token, new_restaurant) as page:
        order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, new_restaurant))
        page.hears_of_a_change(DELIVERY_SECONDS)
        waiting = then.it_shows_orders(when.a_user_lists_orders_of(driver, cook.id_token, new_restaurant))
        assert [str(order.orderId) for order in waiting.orders] == [order_id]

        who = customer if by_customer else cook
        then.it_shows_an_order(when.a_user_answers_an_order(driver, who.id_token, order_id, answer))

        page.hears_of_a_change(DELIVERY_SECONDS)


def test_a_page_of_staff_does_not_hear_of_another_restaurants_orders(
    driver: Driver, customer: User, cook: User, new_restaurant: str
) -> None:
    with a_connected_page(driver, cook.id_token, new_restaurant) as page:
        with a_connected_page(driver, customer.id_token) as customers_page:
            order_id = then.an_order_is_placed(
                when.a_customer_orders_from(driver, customer, catalogue.A_RESTAURANT)
            )
            then.it_shows_an_order(
                when.a_user_answers_an_order(driver, customer.id_token, order_id, "cancel")
            )
            customers_page.hears_of_a_change(DELIVERY_SECONDS)

        page.has_heard_nothing()


def test_only_staff_gets_a_ticket_for_a_restaurants_orders(
    *, driver: Driver, customer: User, restaurant_admin: User, cook: User, new_restaurant: str
) -> None:
    for user in (customer, restaurant_admin):
        then.it_is_refused(a_user_asks_for_a_ticket(driver, user.id_token, new_restaurant), 403)
    then.it_is_refused(a_user_asks_for_a_ticket(driver, cook.id_token, catalogue.A_RESTAURANT), 403)
    assert a_user_asks_for_a_ticket(driver, cook.id_token, new_restaurant).status == 200


def test_who_is_removed_from_the_staff_gets_no_ticket_any_more(
    driver: Driver, restaurant_admin: User, cook: User, new_restaurant: str
) -> None:
    email = cook.person.email
    assert when.a_user_removes_staff(driver, restaurant_admin.id_token, new_restaurant, email).status == 204

    then.it_is_refused(a_user_asks_for_a_ticket(driver, cook.id_token, new_restaurant), 403)
    assert a_user_asks_for_a_ticket(driver, cook.id_token).status == 200
