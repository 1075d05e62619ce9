"""PUT and DELETE /favourites/{name}, GET /favourites: the caller's own bookmarks only."""

import base64
import json

import pytest

from drivers.exchange import Driver
from steps.given import User
from steps.shop import catalogue, then, when
from steps.shop.catalogue import A_RESTAURANT, ANOTHER_RESTAURANT
from support.stage import Stage

pytestmark = pytest.mark.about("restaurants")


def _favourites(driver: Driver, user: User) -> list[str]:
    page = then.it_shows_favourites(when.a_user_lists_favourites(driver, user.id_token))
    return [restaurant.name for restaurant in page.favourites]


def _bookmark(driver: Driver, user: User, *names: str) -> None:
    for name in names:
        answer = when.a_user_bookmarks(driver, user.id_token, name)
        assert (answer.status, answer.content) == (204, b"")


def test_bookmarked_restaurants_are_shown_by_name_as_in_the_list(
    driver: Driver, stage: Stage, customer: User
) -> None:
    _bookmark(driver, customer, ANOTHER_RESTAURANT, A_RESTAURANT)

    page = then.it_shows_favourites(when.a_user_lists_favourites(driver, customer.id_token))

    assert {one.name: one.themes for one in page.favourites} == {
        name: catalogue.SEEDED_RESTAURANTS[name] for name in (A_RESTAURANT, ANOTHER_RESTAURANT)
    }
    assert all(one.image.startswith(stage.service_url("restaurants")) for one in page.favourites)
    assert page.nextCursor is None


def test_a_restaurant_that_is_bookmarked_twice_is_one_favourite(driver: Driver, customer: User) -> None:
    _bookmark(driver, customer, A_RESTAURANT, A_RESTAURANT)

    assert _favourites(driver, customer) == [A_RESTAURANT]


def test_a_removed_bookmark_is_gone(driver: Driver, customer: User) -> None:
    _bookmark(driver, customer, A_RESTAURANT, ANOTHER_RESTAURANT)

    assert when.a_user_removes_a_bookmark(driver, customer.id_token, A_RESTAURANT).status == 204

    assert _favourites(driver, customer) == [ANOTHER_RESTAURANT]


def test_removing_what_was_never_bookmarked_is_done_already(driver: Driver, customer: User) -> None:
    assert when.a_user_removes_a_bookmark(driver, customer.id_token, A_RESTAURANT).status == 204


def test_a_user_neither_sees_nor_removes_the_bookmarks_of_another(
    driver: Driver, customer: User, another_customer: User
) -> None:
    _bookmark(driver, customer, A_RESTAURANT)

    assert _favourites(driver, another_customer) == []
    assert when.a_user_removes_a_bookmark(driver, another_customer.id_token, A_RESTAURANT).status == 204
    assert _favourites(driver, customer) == [A_RESTAURANT]


def test_a_restaurant_that_there_is_not_cannot_be_bookmarked(driver: Driver, customer: User) -> None:
    answer = when.a_user_bookmarks(driver, customer.id_token, catalogue.a_new_restaurant_name())

    then.it_is_refused(answer, 404)
    assert _favourites(driver, customer) == []


def test_a_favourite_that_has_left_the_catalogue_is_not_shown(
    driver: Driver, customer: User, restaurant_admin: User
) -> None:
    name = catalogue.a_new_restaurant_name()
    restaurant = {"image": catalogue.A_SEEDED_IMAGE, "themes": []}
    when.a_user_puts_a_restaurant(driver, restaurant_admin.id_token, name, restaurant)
    try:
        _bookmark(driver, customer, name, A_RESTAURANT)
    finally:
        when.a_user_deletes_a_restaurant(driver, restaurant_admin.id_token, name)

    assert _favourites(driver, customer) == [A_RESTAURANT]


def test_a_cursor_leads_into_the_callers_own_favourites_behind_a_name(
    driver: Driver, customer: User, another_customer: User
) -> None:
    _bookmark(driver, customer, A_RESTAURANT, ANOTHER_RESTAURANT)
    behind_the_first = base64.urlsafe_b64encode(json.dumps([A_RESTAURANT]).encode()).decode().rstrip("=")

    own, others = (
        then.it_shows_favourites(
            when.a_user_lists_favourites(driver, user.id_token, ("cursor", behind_the_first))
        )
        for user in (customer, another_customer)
    )

    assert [one.name for one in own.favourites] == [ANOTHER_RESTAURANT]
    assert others.favourites == []


@pytest.mark.parametrize("cursor", ["", "x", "💥", "e30", "W10", "x" * 601])
def test_a_cursor_that_no_page_gave_is_refused(driver: Driver, any_customer: User, cursor: str) -> None:
    answer = when.a_user_lists_favourites(driver, any_customer.id_token, ("cursor", cursor))

    then.it_is_refused(answer, 400, "cursor")


@pytest.mark.parametrize("bad_name", ["x" * 101, " ", "\x00"], ids=ascii)
def test_a_name_that_no_restaurant_can_have_is_refused(
    driver: Driver, any_customer: User, bad_name: str
) -> None:
    then.it_is_refused(when.a_user_bookmarks(driver, any_customer.id_token, bad_name), 400, "name")
