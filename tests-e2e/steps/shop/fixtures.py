"""Fixtures of the shop: people and restaurants."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from drivers.exchange import Driver
from steps.given import User, a_signed_in_user
from steps.shop import then, when
from steps.shop.catalogue import A_RESTAURANT, A_SEEDED_IMAGE, RESTAURANT_ADMINS, a_new_restaurant_name
from steps.shop.staff import staff_of
from support.stage import Stage

if TYPE_CHECKING:
    from hostile.attack import Outcome

MAKES_RESTAURANTS = {"put-restaurant", "approve-submission"}


@pytest.fixture(scope="module")
def restaurant_admin(stage: Stage) -> Iterator[User]:
    """A user who may change the catalogue."""
    with a_signed_in_user(stage, [RESTAURANT_ADMINS]) as user:
        yield user


@pytest.fixture(scope="module")
def restaurant_staff(stage: Stage, driver: Driver, restaurant_admin: User) -> Iterator[User]:
    """A user who is staff of the restaurant that scenarios order from."""
    with (
        a_signed_in_user(stage) as user,
        staff_of(driver, restaurant_admin, A_RESTAURANT, user) as staff,
    ):
        yield staff


@pytest.fixture
def new_restaurant(driver: Driver, restaurant_admin: User) -> Iterator[str]:
    """A new restaurant without staff and orders, which is deleted afterwards."""
    name = a_new_restaurant_name()
    details = {"image": A_SEEDED_IMAGE, "themes": []}
    assert when.a_user_puts_a_restaurant(driver, restaurant_admin.id_token, name, details).status == 200
    yield name
    assert when.a_user_deletes_a_restaurant(driver, restaurant_admin.id_token, name).status in {204, 404}


@pytest.fixture
def attacked(driver: Driver, restaurant_admin: User) -> Iterator[list["Outcome"]]:
    """Collects outcomes of attacks; the restaurants that these have made are removed afterwards."""
    outcomes: list[Outcome] = []
    yield outcomes
    changes = (change for outcome in outcomes for change in outcome.changed)
    for name in {body["name"] for operation, body in changes if operation in MAKES_RESTAURANTS}:
        deleted = when.a_user_deletes_a_restaurant(driver, restaurant_admin.id_token, name)
        assert deleted.status in {204, 404}, deleted


@pytest.fixture
def submission_ids(driver: Driver, customer: User, restaurant_admin: User) -> Iterator[list[str]]:
    """Two submissions that wait for a review: one may be approved, and the other rejected.

    Who sends generated requests may have as many waiting ones as a person may have.
    """
    names = [a_new_restaurant_name() for _ in range(2)]
    yield [
        then.it_is_submitted(
            when.a_user_submits_a_restaurant(driver, customer.id_token, {"name": name, "themes": []})
        )
        for name in names
    ]
    for name in names:
        when.a_user_deletes_a_restaurant(driver, restaurant_admin.id_token, name)
