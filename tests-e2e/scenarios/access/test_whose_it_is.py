"""Routes to what belongs to somebody: a customer's orders, and what is for the staff of a restaurant."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from _pytest.mark import ParameterSet

from drivers.exchange import Answer, Driver
from steps import given, tokens
from steps.doors import THROUGH, held_to
from steps.given import User
from steps.shop import catalogue, then, when
from steps.shop.staff import staff_of
from support.declared_routes import DeclaredRoute, Door, declared_routes
from support.polling import until
from support.stage import Stage

pytestmark = pytest.mark.http_only

ROUTES = declared_routes()
OWNED = {"orderId"}
# Restaurants and documents belong to no user; whose a bookmark is, is not in the path (test_favourites.py).
COMMON = {"name", "document", "version"}
SHORT_SECONDS = 2
# For what a function remembers of staff, on a stage where that is longest, and for the starts of functions.
REMOVAL_SECONDS = 60


def _marked(routes: Iterable[DeclaredRoute]) -> list[ParameterSet]:
    return [pytest.param(route, id=str(route), marks=pytest.mark.about(route.service)) for route in routes]


OWNED_ROUTES = _marked(
    route for route in ROUTES if route.door is Door.USERS and not COMMON.issuperset(route.parameters)
)
STAFF_ROUTES = _marked(route for route in ROUTES if route.door is Door.CHOSEN)


@pytest.mark.about("orders")
@pytest.mark.emulator_only
def test_a_token_opens_until_it_expires(stage: Stage, driver: Driver, any_customer: User) -> None:
    with tokens.a_short_lived_token(stage, any_customer, seconds=SHORT_SECONDS) as token:
        then.it_shows_orders(when.a_user_lists_orders(driver, token))
        then.it_is_refused(when.a_user_lists_orders(driver, tokens.expired(token)), 401)


@pytest.mark.parametrize("route", STAFF_ROUTES)
def test_what_is_a_restaurants_is_for_its_staff_as_long_as_they_are(
    driver: Driver, stage: Stage, customer: User, restaurant_admin: User, route: DeclaredRoute
) -> None:
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, catalogue.A_RESTAURANT))
    request = route.request(orderId=order_id, name=catalogue.A_RESTAURANT)

    def ask(user: User) -> Answer:
        return driver.send(replace(request, token=user.id_token))

    with given.a_signed_in_user(stage) as person:
        then.it_is_refused(ask(person), 403)
        with staff_of(driver, restaurant_admin, catalogue.ANOTHER_RESTAURANT, person):
            then.it_is_refused(ask(person), 403)
        with staff_of(driver, restaurant_admin, catalogue.A_RESTAURANT, person):
            held_to(ask(person), THROUGH, route)
        until(
            lambda: ask(person).status,
            lambda status: status == 403,
            within_seconds=REMOVAL_SECONDS,
            what="the refusal of a person who was removed from the staff",
        )


@pytest.mark.parametrize("route", OWNED_ROUTES)
def test_a_resource_of_one_user_does_not_exist_for_others(
    driver: Driver, customer: User, another_customer: User, route: DeclaredRoute
) -> None:
    assert set(route.parameters) <= OWNED, f"whose are the {route.parameters} of {route}?"
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, catalogue.A_RESTAURANT))
    request = route.request(orderId=order_id)

    held_to(driver.send(replace(request, token=customer.id_token)), THROUGH, route)
    then.it_is_refused(driver.send(replace(request, token=another_customer.id_token)), 404)
