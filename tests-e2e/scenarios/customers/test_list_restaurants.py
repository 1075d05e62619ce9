"""GET /restaurants, which other services call."""

import pytest

from drivers.exchange import Driver
from steps.shop import catalogue, then, when
from support.stage import Stage

pytestmark = pytest.mark.about("restaurants")


@pytest.mark.http_only
def test_an_unsigned_request_for_the_list_is_refused(driver: Driver) -> None:
    answer = when.a_service_lists_restaurants(driver, is_signed=False)

    then.it_is_refused(answer, 403)


def test_a_signed_request_for_the_list_gets_the_seeded_restaurants(driver: Driver, stage: Stage) -> None:
    restaurants = then.it_shows_restaurants(when.a_service_lists_restaurants(driver))

    assert {restaurant.name: restaurant.themes for restaurant in restaurants} == catalogue.SEEDED_RESTAURANTS
    assert all(restaurant.image.startswith(stage.service_url("restaurants")) for restaurant in restaurants)


def test_a_count_shortens_the_list(driver: Driver) -> None:
    restaurants = then.it_shows_restaurants(when.a_service_lists_restaurants(driver, ("count", "1")))

    assert len(restaurants) == 1


def test_the_list_is_read_page_by_page(driver: Driver) -> None:
    names: list[str] = []
    query: tuple[tuple[str, str], ...] = ()
    while len(names) < len(catalogue.SEEDED_RESTAURANTS):
        answer = when.a_service_lists_restaurants(driver, ("count", "3"), *query)
        names += [restaurant.name for restaurant in then.it_shows_restaurants(answer)]
        query = (("cursor", answer.headers.get("x-next-cursor", "")),)

    assert names == sorted(catalogue.SEEDED_RESTAURANTS)


@pytest.mark.parametrize("cursor", ["", "x", "💥", "W10", "x" * 601])
def test_a_cursor_that_no_page_gave_is_refused(driver: Driver, cursor: str) -> None:
    answer = when.a_service_lists_restaurants(driver, ("cursor", cursor))

    then.it_is_refused(answer, 400, "cursor")


def test_the_largest_count_is_the_published_quota(driver: Driver, stage: Stage) -> None:
    most = stage.quotas("restaurants")["get-restaurants"]["maxCount"]

    then.it_shows_restaurants(when.a_service_lists_restaurants(driver, ("count", f" {most}")))


def test_a_count_above_the_quota_is_refused_with_the_quota(driver: Driver, stage: Stage) -> None:
    most = stage.quotas("restaurants")["get-restaurants"]["maxCount"]

    answer = when.a_service_lists_restaurants(driver, ("count", str(most + 1)))

    then.it_is_refused(answer, 400, "count", f" {most}")


@pytest.mark.parametrize("count", ["0", "-1", "-9999999999999999999999"])
def test_a_count_below_one_is_refused_with_the_bound(driver: Driver, count: str) -> None:
    answer = when.a_service_lists_restaurants(driver, ("count", count))

    then.it_is_refused(answer, 400, "count", " 1 ")


@pytest.mark.parametrize("count", ["", "many", "1.5", "1e400", "NaN", "²", "9" * 5000])
def test_a_count_that_is_no_whole_number_is_refused(driver: Driver, count: str) -> None:
    answer = when.a_service_lists_restaurants(driver, ("count", count))

    then.it_is_refused(answer, 400, "count")


def test_two_counts_are_refused(driver: Driver) -> None:
    answer = when.a_service_lists_restaurants(driver, ("count", "1"), ("count", "2"))

    then.it_is_refused(answer, 400, "count")
