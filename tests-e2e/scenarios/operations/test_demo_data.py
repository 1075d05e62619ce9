"""What a seeded stage has for people who try it."""

import pytest

from drivers.exchange import Driver
from steps.shop import when
from steps.shop.catalogue import SEEDED_RESTAURANTS

KITCHEN = "kitchen@bigmouth.example"

pytestmark = pytest.mark.about("restaurants")


@pytest.mark.parametrize("restaurant", SEEDED_RESTAURANTS)
def test_the_demo_kitchen_is_staff_of_every_seeded_restaurant(driver: Driver, restaurant: str) -> None:
    assert when.a_service_asks_for_staff(driver, restaurant, KITCHEN).status == 200
