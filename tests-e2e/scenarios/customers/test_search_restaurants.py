"""POST /restaurants/search."""

import pytest

from drivers.exchange import Driver
from steps.given import User
from steps.shop import then, when
from steps.shop.catalogue import SEEDED_RESTAURANTS
from support.stage import Stage

pytestmark = pytest.mark.about("restaurants")

CARTOON_RESTAURANTS = {name for name, themes in SEEDED_RESTAURANTS.items() if "cartoon" in themes}


@pytest.mark.parametrize("theme", ["cartoon", "Cartoon", "CARTOON", "  cartoon  "])
def test_a_search_finds_the_restaurants_of_a_theme_however_it_is_written(
    driver: Driver, any_customer: User, theme: str
) -> None:
    answer = when.a_user_searches(driver, any_customer.id_token, {"theme": theme})

    assert {restaurant.name for restaurant in then.it_shows_restaurants(answer)} == CARTOON_RESTAURANTS


def test_a_theme_of_several_words_is_found(driver: Driver, any_customer: User) -> None:
    answer = when.a_user_searches(driver, any_customer.id_token, {"theme": "true blood"})

    assert [restaurant.name for restaurant in then.it_shows_restaurants(answer)] == ["Fangtasia"]


@pytest.mark.parametrize("theme", ["no such theme", "car", "cartoons", "all", "theme#cartoon", "💥"])
def test_an_unknown_theme_finds_nothing(driver: Driver, any_customer: User, theme: str) -> None:
    answer = when.a_user_searches(driver, any_customer.id_token, {"theme": theme})

    assert then.it_shows_restaurants(answer) == []


def test_a_count_limits_the_results(driver: Driver, any_customer: User) -> None:
    answer = when.a_user_searches(driver, any_customer.id_token, {"theme": "cartoon", "count": 2})

    assert len(then.it_shows_restaurants(answer)) == 2


def test_a_search_is_read_page_by_page(driver: Driver, any_customer: User) -> None:
    names: list[str] = []
    cursor: dict[str, str] = {}
    while len(names) < len(CARTOON_RESTAURANTS):
        body = {"theme": "cartoon", "count": 3, **cursor}
        answer = when.a_user_searches(driver, any_customer.id_token, body)
        names += [restaurant.name for restaurant in then.it_shows_restaurants(answer)]
        cursor = {"cursor": answer.headers.get("x-next-cursor", "")}

    assert names == sorted(CARTOON_RESTAURANTS)


def test_a_cursor_that_no_page_gave_is_refused(driver: Driver, any_customer: User) -> None:
    body = {"theme": "cartoon", "cursor": "made up"}

    then.it_is_refused(when.a_user_searches(driver, any_customer.id_token, body), 400, "cursor")


def test_a_count_above_the_quota_is_refused_with_the_quota(
    driver: Driver, stage: Stage, any_customer: User
) -> None:
    most = stage.quotas("restaurants")["search-restaurants"]["maxCount"]

    answer = when.a_user_searches(driver, any_customer.id_token, {"theme": "cartoon", "count": most + 1})

    then.it_is_refused(answer, 400, "count", f" {most}")


def test_a_count_below_one_is_refused_with_the_bound(driver: Driver, any_customer: User) -> None:
    answer = when.a_user_searches(driver, any_customer.id_token, {"theme": "cartoon", "count": 0})

    then.it_is_refused(answer, 400, "count", " 1 ")
