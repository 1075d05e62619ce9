"""PUT and DELETE /restaurants/{name}, for restaurant admins."""

import unicodedata
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from drivers.exchange import Driver
from steps import given
from steps.given import User
from steps.shop import catalogue, then, when
from support.stage import Stage

pytestmark = pytest.mark.about("restaurants")


def _restaurant(*themes: str, image: str = catalogue.A_SEEDED_IMAGE) -> dict[str, Any]:
    return {"image": image, "themes": list(themes)}


@pytest.fixture
def name(driver: Driver, restaurant_admin: User) -> Iterator[str]:
    """The name of a restaurant that there is not yet, and not any longer afterwards."""
    name = catalogue.a_new_restaurant_name()
    yield name
    assert when.a_user_deletes_a_restaurant(driver, restaurant_admin.id_token, name).status in {204, 404}


def _found(driver: Driver, user: User, theme: str) -> list[str]:
    answer = when.a_user_searches(driver, user.id_token, {"theme": theme})
    return [restaurant.name for restaurant in then.it_shows_restaurants(answer)]


def test_an_admins_new_restaurant_is_found_by_each_of_its_themes(
    driver: Driver, stage: Stage, restaurant_admin: User, name: str
) -> None:
    themes = catalogue.a_new_theme(), catalogue.a_new_theme()

    answer = when.a_user_puts_a_restaurant(driver, restaurant_admin.id_token, name, _restaurant(*themes))

    assert answer.status == 200
    assert answer.json() == {
        "name": name,
        "image": f"{stage.service_url('restaurants')}/{catalogue.A_SEEDED_IMAGE}",
        "themes": list(themes),
    }
    assert [_found(driver, restaurant_admin, theme) for theme in themes] == [[name], [name]]


@pytest.mark.about("orders")
def test_a_new_restaurant_can_be_ordered_from(driver: Driver, restaurant_admin: User, name: str) -> None:
    when.a_user_puts_a_restaurant(driver, restaurant_admin.id_token, name, _restaurant())

    then.an_order_is_placed(when.a_customer_orders_from(driver, restaurant_admin, name))


@pytest.mark.about("orders")
def test_a_restaurant_that_was_ordered_from_too_early_can_be_ordered_from_once_it_exists(
    driver: Driver, restaurant_admin: User, name: str
) -> None:
    then.it_is_refused(when.a_customer_orders_from(driver, restaurant_admin, name), 404)

    when.a_user_puts_a_restaurant(driver, restaurant_admin.id_token, name, _restaurant())

    then.an_order_is_placed(when.a_customer_orders_from(driver, restaurant_admin, name))


def test_a_restaurant_that_changes_its_theme_is_found_by_the_new_one_alone(
    driver: Driver, restaurant_admin: User, name: str
) -> None:
    old, new = catalogue.a_new_theme(), catalogue.a_new_theme()
    when.a_user_puts_a_restaurant(driver, restaurant_admin.id_token, name, _restaurant(old))

    when.a_user_puts_a_restaurant(driver, restaurant_admin.id_token, name, _restaurant(new))

    assert (_found(driver, restaurant_admin, old), _found(driver, restaurant_admin, new)) == ([], [name])


def test_a_deleted_restaurant_is_gone(driver: Driver, restaurant_admin: User, name: str) -> None:
    theme = catalogue.a_new_theme()
    when.a_user_puts_a_restaurant(driver, restaurant_admin.id_token, name, _restaurant(theme))

    assert when.a_user_deletes_a_restaurant(driver, restaurant_admin.id_token, name).status == 204

    assert _found(driver, restaurant_admin, theme) == []
    then.it_is_refused(when.a_customer_orders_from(driver, restaurant_admin, name), 404)


def test_a_restaurant_is_changed_and_deleted_by_the_tag_that_it_has(
    driver: Driver, restaurant_admin: User, name: str
) -> None:
    token = restaurant_admin.id_token
    first = when.a_user_puts_a_restaurant(driver, token, name, _restaurant("first")).headers["etag"]
    assert when.a_service_gets_a_restaurant(driver, name).headers["etag"] == first

    changed = when.a_user_puts_a_restaurant(driver, token, name, _restaurant("second"), if_match=first)

    assert changed.status == 200
    second = changed.headers["etag"]
    assert when.a_service_gets_a_restaurant(driver, name).headers["etag"] == second != first
    assert when.a_user_deletes_a_restaurant(driver, token, name, if_match=second).status == 204


@pytest.mark.parametrize("if_match", ["{old}", "W/{new}", '"nonsense"'])
def test_what_another_admin_saved_is_neither_overwritten_nor_deleted_by_another_tag(
    driver: Driver, restaurant_admin: User, name: str, if_match: str
) -> None:
    token = restaurant_admin.id_token
    old, new = (
        when.a_user_puts_a_restaurant(driver, token, name, _restaurant(theme)).headers["etag"]
        for theme in ("old", "new")
    )
    sent = if_match.format(old=old, new=new)

    late = when.a_user_puts_a_restaurant(driver, token, name, _restaurant("late"), if_match=sent)
    deletion = when.a_user_deletes_a_restaurant(driver, token, name, if_match=sent)

    for refused in (late, deletion):
        assert "Read it again" in (then.it_is_refused(refused, 412).detail or "")
    assert when.a_service_gets_a_restaurant(driver, name).json()["themes"] == ["new"]


def test_a_restaurant_that_has_to_exist_is_not_added(
    driver: Driver, restaurant_admin: User, name: str
) -> None:
    token = restaurant_admin.id_token

    refused = when.a_user_puts_a_restaurant(driver, token, name, _restaurant(), if_match="*")

    then.it_is_refused(refused, 412)
    then.it_is_refused(when.a_service_gets_a_restaurant(driver, name), 404)
    then.it_is_refused(when.a_user_deletes_a_restaurant(driver, token, name, if_match="*"), 404)


@pytest.mark.http_only
def test_of_two_admins_who_change_the_same_restaurant_at_once_one_wins(
    driver: Driver, restaurant_admin: User, name: str
) -> None:
    token = restaurant_admin.id_token
    seen = when.a_user_puts_a_restaurant(driver, token, name, _restaurant()).headers["etag"]

    answers = when.at_once(
        *(
            partial(when.a_user_puts_a_restaurant, driver, token, name, _restaurant(theme), if_match=seen)
            for theme in ("one", "other")
        )
    )

    won, lost = sorted(answers, key=lambda answer: answer.status)
    assert (won.status, lost.status) == (200, 412)
    assert when.a_service_gets_a_restaurant(driver, name).json() == won.json()


def test_deleting_a_restaurant_that_there_is_not_finds_none(
    driver: Driver, restaurant_admin: User, name: str
) -> None:
    then.it_is_refused(when.a_user_deletes_a_restaurant(driver, restaurant_admin.id_token, name), 404)


def test_a_customer_may_not_put_a_restaurant(driver: Driver, any_customer: User, name: str) -> None:
    theme = catalogue.a_new_theme()

    answer = when.a_user_puts_a_restaurant(driver, any_customer.id_token, name, _restaurant(theme))

    then.it_is_refused(answer, 403)
    assert _found(driver, any_customer, theme) == []


def test_a_customer_may_not_delete_a_restaurant(driver: Driver, any_customer: User) -> None:
    answer = when.a_user_deletes_a_restaurant(driver, any_customer.id_token, catalogue.A_RESTAURANT)

    then.it_is_refused(answer, 403)
    then.an_order_is_placed(when.a_customer_orders_from(driver, any_customer, catalogue.A_RESTAURANT))


@pytest.mark.parametrize("image", ["https://example.com/x.svg", "../secret", "assets/images/../app.js", ""])
def test_an_image_that_is_not_the_services_own_is_refused(
    driver: Driver, restaurant_admin: User, name: str, image: str
) -> None:
    restaurant = _restaurant(image=image)

    answer = when.a_user_puts_a_restaurant(driver, restaurant_admin.id_token, name, restaurant)

    then.it_is_refused(answer, 400, "image")


@pytest.mark.parametrize("bad_name", ["x" * 101, " ", "\x00", "a\nb"], ids=ascii)
def test_a_name_that_no_restaurant_can_have_is_refused(
    driver: Driver, restaurant_admin: User, bad_name: str
) -> None:
    answer = when.a_user_puts_a_restaurant(driver, restaurant_admin.id_token, bad_name, _restaurant())

    then.it_is_refused(answer, 400, "name")


@pytest.mark.about("orders")
def test_a_name_and_a_theme_are_the_same_however_they_are_composed(
    driver: Driver, restaurant_admin: User, name: str
) -> None:
    name, theme = f"{name} Café Ångström", f"{catalogue.a_new_theme()} crème"
    other_name, other_theme = (unicodedata.normalize("NFD", text) for text in (name, theme))
    try:
        for composed in (name, other_name):
            put = when.a_user_puts_a_restaurant(
                driver, restaurant_admin.id_token, composed, _restaurant(other_theme)
            )
            assert put.status == 200

        assert _found(driver, restaurant_admin, theme) == [name]
        assert _found(driver, restaurant_admin, other_theme.upper()) == [name]
        then.an_order_is_placed(when.a_customer_orders_from(driver, restaurant_admin, other_name))
        then.an_order_is_placed(when.a_customer_orders_from(driver, restaurant_admin, name))
    finally:
        removed = when.a_user_deletes_a_restaurant(driver, restaurant_admin.id_token, other_name)
    assert removed.status == 204
    then.it_is_refused(when.a_user_deletes_a_restaurant(driver, restaurant_admin.id_token, name), 404)


@pytest.mark.parametrize(
    "bad_name",
    ["a\u200bb", "\u202eab", "a\x85b", "a\ufdd0b", "\U000e0041a", "\uff26\uff41", "%2F", "a/b"],
    ids=ascii,
)
def test_a_name_with_invisible_characters_is_refused(
    driver: Driver, restaurant_admin: User, bad_name: str
) -> None:
    answer = when.a_user_puts_a_restaurant(driver, restaurant_admin.id_token, bad_name, _restaurant())

    then.it_is_refused(answer, 400, "name")
    then.it_is_refused(when.a_customer_orders_from(driver, restaurant_admin, bad_name), 400, "restaurantName")


@pytest.mark.parametrize("odd", ["100% Pizza", "%41", "a+b", "☕️ Bar", "👨‍👩‍👧", "#?;=&", "½"], ids=ascii)
@pytest.mark.about("orders")
def test_an_odd_name_is_taken_to_the_letter(
    driver: Driver, restaurant_admin: User, name: str, odd: str
) -> None:
    odd_name = f"{name} {odd}"
    try:
        put = when.a_user_puts_a_restaurant(driver, restaurant_admin.id_token, odd_name, _restaurant())

        assert put.json()["name"] == odd_name
        then.an_order_is_placed(when.a_customer_orders_from(driver, restaurant_admin, odd_name))
    finally:
        when.a_user_deletes_a_restaurant(driver, restaurant_admin.id_token, odd_name)


@pytest.mark.http_only
def test_who_is_taken_out_of_the_admins_is_refused_with_the_next_token(stage: Stage, driver: Driver) -> None:
    with given.a_signed_in_user(stage, [catalogue.RESTAURANT_ADMINS]) as admin:
        malformed = when.a_user_puts_a_restaurant(driver, admin.id_token, catalogue.A_RESTAURANT, {})
        stage.cognito.admin_remove_user_from_group(
            UserPoolId=stage.published("auth", "userPoolId"),
            Username=admin.person.username,
            GroupName=catalogue.RESTAURANT_ADMINS,
        )
        token = given.sign_in(stage, admin.person.username, admin.person.password)["IdToken"]

        then.it_is_refused(malformed, 400)
        then.it_is_refused(when.a_user_puts_a_restaurant(driver, token, catalogue.A_RESTAURANT, {}), 403)
