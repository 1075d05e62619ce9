"""The driver of a stage of the shop."""

from http import HTTPStatus

import pytest

from drivers.exchange import Driver
from drivers.over_http import OverHttp
from steps.shop import when
from steps.shop.catalogue import A_RESTAURANT
from steps.shop.event_seams import (
    OrdersAnnouncer,
    RestaurantsTeller,
    orders_are_placed_elsewhere,
    restaurants_are_told_elsewhere,
)
from support.polling import until
from support.stage import Stage

WARM_SECONDS = 60


def of_shop(driver: Driver, over_http: OverHttp, stage: Stage, request: pytest.FixtureRequest) -> Driver:
    """Return a driver of a shop that is ready, also where it is a part of a stage."""
    if restaurants_are_told_elsewhere(stage):
        request.getfixturevalue("messages").tell(RestaurantsTeller(stage).hear)
    _warm_up(over_http)
    return OrdersAnnouncer(driver, stage) if orders_are_placed_elsewhere(stage) else driver


def _warm_up(driver: OverHttp) -> None:
    """Start what services ask each other for 5 s a try: on a busy machine a first start takes longer."""

    def statuses() -> set[int]:
        restaurant = when.a_service_gets_a_restaurant(driver, A_RESTAURANT)
        staff = when.a_service_asks_for_staff(driver, A_RESTAURANT, "nobody@example.com")
        return {restaurant.status, staff.status}

    until(
        statuses,
        lambda found: max(found) < HTTPStatus.INTERNAL_SERVER_ERROR,
        within_seconds=WARM_SECONDS,
        what="the first answers of restaurants",
    )
