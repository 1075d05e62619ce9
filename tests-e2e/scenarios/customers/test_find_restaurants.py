"""GET /restaurants/search: anyone finds restaurants by a part of their name and by theme."""

import unicodedata
import uuid
from collections.abc import Iterator

import pytest

from drivers.exchange import Driver
from steps.given import User
from steps.shop import catalogue, then, when
from support.stage import Stage

pytestmark = pytest.mark.about("restaurants")


def _found(driver: Driver, **query: str) -> list[str]:
    page = then.it_finds_restaurants(when.a_visitor_finds_restaurants(driver, **query))
    return [restaurant.name for restaurant in page.restaurants]


@pytest.fixture
def mark(driver: Driver, restaurant_admin: User) -> Iterator[str]:
    """A text that only the names of three new restaurants have; one of them has no theme."""
    mark, token = f"Zé{uuid.uuid4().hex[:12]}", restaurant_admin.id_token
    names = [f"zz e2e {mark} {end}" for end in ("Aa 🍔", "Bb 100%", "Cc שלום")]
    for name, theme in zip(names, (["e2e Found"], ["e2e found"], []), strict=True):
        details = {"image": catalogue.A_SEEDED_IMAGE, "themes": theme}
        assert when.a_user_puts_a_restaurant(driver, token, name, details).status == 200
    yield mark
    for name in names:
        when.a_user_deletes_a_restaurant(driver, token, name)


@pytest.mark.parametrize("text", ["pizza pl", "PIZZA PL", "anet", " pizza  planet "])
def test_a_restaurant_is_found_by_any_part_of_its_name(driver: Driver, stage: Stage, text: str) -> None:
    page = then.it_finds_restaurants(when.a_visitor_finds_restaurants(driver, text=text))

    (pizza_planet,) = page.restaurants
    assert (pizza_planet.name, pizza_planet.themes) == ("Pizza Planet", ["netflix", "toy story"])
    assert pizza_planet.image.startswith(stage.service_url("restaurants"))
    assert page.nextCursor is None


def test_restaurants_are_found_by_theme_alone_and_together_with_a_text(driver: Driver) -> None:
    assert set(_found(driver, theme="NETFLIX", count="50")) >= {"Pizza Planet", catalogue.A_RESTAURANT}
    assert _found(driver, theme="netflix", text="pizza") == ["Pizza Planet"]
    assert _found(driver, theme="cartoon", text="pizza") == []


def test_accents_and_case_do_not_matter(driver: Driver, mark: str) -> None:
    plain = mark.replace("é", "E").upper()

    assert len(_found(driver, text=plain)) == 3
    assert _found(driver, text=unicodedata.normalize("NFD", mark)) == _found(driver, text=plain)


@pytest.mark.parametrize("end", ["🍔", "%", "0%", "שלום", "לום"])
def test_signs_emoji_and_other_scripts_are_found_to_the_letter(driver: Driver, mark: str, end: str) -> None:
    of_all = {name for name in _all(driver, text=end) if mark in name}

    assert [name.endswith(end) for name in of_all] == [True]


def test_pages_lead_to_every_match_once(driver: Driver, mark: str) -> None:
    assert len(_all(driver, text=mark, count="1")) == 3
    assert len(_all(driver, text=mark, theme="E2E FOUND", count="1")) == 2


def test_a_deleted_restaurant_is_not_found(driver: Driver, restaurant_admin: User, mark: str) -> None:
    for name in _found(driver, text=mark):
        when.a_user_deletes_a_restaurant(driver, restaurant_admin.id_token, name)

    assert _found(driver, text=mark) == []


@pytest.mark.parametrize("query", [{}, {"text": "", "theme": " "}])
def test_without_text_and_theme_all_are_listed(driver: Driver, query: dict[str, str]) -> None:
    assert set(_found(driver, count="50", **query)) >= catalogue.SEEDED_RESTAURANTS.keys()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"text": "x" * 200}, "text"),
        ({"text": "a\u200bb"}, "text"),
        ({"text": "\u202e"}, "text"),
        ({"theme": "x" * 61}, "theme"),
        ({"count": "0"}, "count"),
        ({"cursor": "made up"}, "cursor"),
    ],
)
def test_what_cannot_be_searched_for_is_refused(driver: Driver, query: dict[str, str], field: str) -> None:
    then.it_is_refused(when.a_visitor_finds_restaurants(driver, **query), 400, field)


def _all(driver: Driver, **query: str) -> list[str]:
    names: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = then.it_finds_restaurants(when.a_visitor_finds_restaurants(driver, **query, **cursor))
        names += [restaurant.name for restaurant in page.restaurants]
        if page.nextCursor is None:
            return names
        cursor = {"cursor": page.nextCursor}
