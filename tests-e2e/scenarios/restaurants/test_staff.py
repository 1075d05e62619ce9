"""The staff of restaurants: administrators name it, services ask, and its members see what is theirs."""

from collections.abc import Iterator

import pytest

from drivers.exchange import Driver
from steps import given
from steps.given import User
from steps.shop import catalogue, then, when
from support.polling import until
from support.stage import Stage

pytestmark = pytest.mark.about("restaurants")

SEEN_SECONDS = 15


@pytest.fixture
def name(driver: Driver, restaurant_admin: User) -> Iterator[str]:
    """The name of a new restaurant, which is deleted afterwards."""
    name = catalogue.a_new_restaurant_name()
    details = {"image": catalogue.A_SEEDED_IMAGE, "themes": []}
    assert when.a_user_puts_a_restaurant(driver, restaurant_admin.id_token, name, details).status == 200
    yield name
    assert when.a_user_deletes_a_restaurant(driver, restaurant_admin.id_token, name).status in {204, 404}


def _staffed(driver: Driver, user: User, *expected: str) -> None:
    """The user becomes staff of exactly these restaurants; the index follows the table a moment late."""
    until(
        lambda: when.a_user_lists_staffed_restaurants(driver, user.id_token).json(),
        lambda document: document == {"restaurants": list(expected)},
        within_seconds=SEEN_SECONDS,
        what=f"staff of {expected}",
    )


def test_who_is_made_staff_is_listed_known_to_services_and_sees_their_restaurant(
    driver: Driver, restaurant_admin: User, customer: User, name: str
) -> None:
    email = customer.person.email

    for typed in (email, email.upper()):
        answer = when.a_user_makes_staff(driver, restaurant_admin.id_token, name, typed)
        assert (answer.status, answer.content) == (204, b"")

    listed = then.it_shows_staff(when.a_user_lists_staff(driver, restaurant_admin.id_token, name))
    assert listed == [email.lower()]
    known = when.a_service_asks_for_staff(driver, name, email)
    assert (known.status, known.json()) == (200, {"restaurantName": name, "email": email.lower()})
    _staffed(driver, customer, name)


def test_who_is_removed_from_the_staff_is_none_any_more(
    driver: Driver, restaurant_admin: User, customer: User, name: str
) -> None:
    email = customer.person.email
    when.a_user_makes_staff(driver, restaurant_admin.id_token, name, email)

    for _ in range(2):
        removed = when.a_user_removes_staff(driver, restaurant_admin.id_token, name, email)
        assert (removed.status, removed.content) == (204, b"")

    then.it_is_refused(when.a_service_asks_for_staff(driver, name, email), 404)
    assert then.it_shows_staff(when.a_user_lists_staff(driver, restaurant_admin.id_token, name)) == []
    _staffed(driver, customer)


def test_staff_of_one_restaurant_is_none_of_another(
    driver: Driver, restaurant_admin: User, customer: User, name: str
) -> None:
    when.a_user_makes_staff(driver, restaurant_admin.id_token, name, customer.person.email)

    then.it_is_refused(
        when.a_service_asks_for_staff(driver, catalogue.A_RESTAURANT, customer.person.email), 404
    )


def test_a_deleted_restaurant_has_no_staff_when_it_comes_back(
    driver: Driver, restaurant_admin: User, customer: User, name: str
) -> None:
    details = {"image": catalogue.A_SEEDED_IMAGE, "themes": []}
    when.a_user_makes_staff(driver, restaurant_admin.id_token, name, customer.person.email)

    when.a_user_deletes_a_restaurant(driver, restaurant_admin.id_token, name)
    when.a_user_puts_a_restaurant(driver, restaurant_admin.id_token, name, details)

    assert then.it_shows_staff(when.a_user_lists_staff(driver, restaurant_admin.id_token, name)) == []
    then.it_is_refused(when.a_service_asks_for_staff(driver, name, customer.person.email), 404)


def test_a_restaurant_that_does_not_exist_has_no_staff(driver: Driver, restaurant_admin: User) -> None:
    name, token = catalogue.a_new_restaurant_name(), restaurant_admin.id_token

    then.it_is_refused(when.a_user_makes_staff(driver, token, name, "a@example.com"), 404)
    then.it_is_refused(when.a_user_lists_staff(driver, token, name), 404)
    then.it_is_refused(when.a_service_asks_for_staff(driver, name, "a@example.com"), 404)


def test_an_administrator_is_no_staff(driver: Driver, restaurant_admin: User, name: str) -> None:
    then.it_is_refused(when.a_service_asks_for_staff(driver, name, restaurant_admin.person.email), 404)


@pytest.mark.http_only
def test_an_address_that_is_not_verified_is_staff_of_none(
    stage: Stage, driver: Driver, restaurant_admin: User, customer: User, name: str
) -> None:
    when.a_user_makes_staff(driver, restaurant_admin.id_token, name, customer.person.email)
    _staffed(driver, customer, name)
    stage.cognito.admin_update_user_attributes(
        UserPoolId=stage.published("auth", "userPoolId"),
        Username=customer.person.username,
        UserAttributes=[{"Name": "email_verified", "Value": "false"}],
    )

    token = given.sign_in(stage, customer.person.username, customer.person.password)["IdToken"]

    assert when.a_user_lists_staffed_restaurants(driver, token).json() == {"restaurants": []}


@pytest.mark.parametrize(
    "email", ["cook", "a b@example.com", "a@b", "a/b@example.com", "x" * 250 + "@b.example"]
)
def test_what_is_no_address_is_refused(driver: Driver, restaurant_admin: User, name: str, email: str) -> None:
    then.it_is_refused(when.a_user_makes_staff(driver, restaurant_admin.id_token, name, email), 400, "email")
    then.it_is_refused(when.a_service_asks_for_staff(driver, name, email), 400, "email")


def test_a_customer_neither_names_nor_lists_nor_removes_staff(
    driver: Driver, restaurant_admin: User, any_customer: User, name: str
) -> None:
    email = any_customer.person.email

    then.it_is_refused(when.a_user_makes_staff(driver, any_customer.id_token, name, email), 403)
    then.it_is_refused(when.a_user_lists_staff(driver, any_customer.id_token, name), 403)
    then.it_is_refused(when.a_user_removes_staff(driver, any_customer.id_token, name, email), 403)
    assert then.it_shows_staff(when.a_user_lists_staff(driver, restaurant_admin.id_token, name)) == []
