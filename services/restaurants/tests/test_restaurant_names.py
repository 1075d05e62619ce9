"""What restaurants and themes may be called, and which of them are the same."""

import unicodedata
from collections.abc import Callable

import pytest

from restaurants.domain.models import theme_key
from restaurants.handlers import (
    delete_favourite,
    delete_restaurant,
    get_restaurant,
    put_favourite,
    put_restaurant,
    search_restaurants,
)
from service_kit.testing import Reply, call, rest_event

from .restaurants_fakes import FakeCatalogue, FakeFavourites, restaurant

COMPOSED = "Café Ångström"
DECOMPOSED = unicodedata.normalize("NFD", COMPOSED)
DETAILS = {"image": "assets/images/fangtasia.svg", "themes": ["crème"]}
BAD = [
    "a\u200bb",
    "\u202ea",
    "a\x85b",
    "a\tb",
    "\ufdd0",
    "\ue000",
    "\U000e0041",
    "\uff26\uff41",
    "..",
    "%2F",
    "\u3000",
]


def put(name: str, **details: object) -> Reply:
    body = DETAILS | details
    return call(
        put_restaurant.handle,
        rest_event(body, caller="ada", path_parameters={"name": name}, groups="restaurant-admins"),
    )


def get(name: str) -> Reply:
    return call(get_restaurant.handle, rest_event(path_parameters={"name": name}))


def delete(name: str) -> Reply:
    return call(
        delete_restaurant.handle,
        rest_event(caller="ada", path_parameters={"name": name}, groups="restaurant-admins"),
    )


def bookmark(name: str) -> Reply:
    return call(put_favourite.handle, rest_event(caller="ada", path_parameters={"name": name}))


def remove_bookmark(name: str) -> Reply:
    return call(delete_favourite.handle, rest_event(caller="ada", path_parameters={"name": name}))


def search(theme: str) -> Reply:
    return call(search_restaurants.handle, rest_event({"theme": theme}, caller="ada"))


@pytest.mark.usefixtures("staff")
def test_a_name_in_another_composition_is_the_same_restaurant(catalogue: FakeCatalogue) -> None:
    assert [put(DECOMPOSED).status, put(COMPOSED).status] == [200, 200]
    assert list(catalogue.by_name) == [COMPOSED]
    assert get(DECOMPOSED).document == get(COMPOSED).document
    assert delete(DECOMPOSED).status == 204
    assert catalogue.by_name == {}


def test_a_bookmark_in_another_composition_is_the_same(
    catalogue: FakeCatalogue, favourites: FakeFavourites
) -> None:
    catalogue.put(restaurant(COMPOSED))
    assert [bookmark(DECOMPOSED).status, bookmark(COMPOSED).status] == [204, 204]
    assert favourites.bookmarks == {("ada", COMPOSED)}
    assert remove_bookmark(DECOMPOSED).status == 204
    assert favourites.bookmarks == set()


@pytest.mark.usefixtures("eight_by_default", "search_secret")
def test_a_theme_in_another_composition_is_the_same(catalogue: FakeCatalogue) -> None:
    put("Fangtasia", themes=[unicodedata.normalize("NFD", "crème brûlée")])
    for theme in ("crème brûlée", unicodedata.normalize("NFD", "Crème  Brûlée"), "CRÈME\u00a0BRÛLÉE"):
        assert [found["name"] for found in search(theme).document] == ["Fangtasia"], ascii(theme)


@pytest.mark.parametrize("theme", ["ǰ", "ΐ", "ŉ", "İ", "ß", "ẖ"])
def test_the_key_of_a_theme_is_the_same_for_every_composition_and_case(theme: str) -> None:
    keys = {
        theme_key(unicodedata.normalize(form, variant))
        for form in ("NFC", "NFD")
        for variant in (theme, theme.casefold(), theme_key(theme))
    }
    assert len(keys) == 1


@pytest.mark.parametrize("of", [put, get, delete, bookmark, remove_bookmark], ids=lambda of: of.__name__)
@pytest.mark.parametrize("name", BAD)
@pytest.mark.usefixtures("catalogue", "favourites", "staff")
def test_what_can_be_no_name_is_refused_on_every_route(of: Callable[[str], Reply], name: str) -> None:
    assert of(name).bad_fields == [("path", "name")]


@pytest.mark.parametrize("theme", [bad for bad in BAD if bad not in {"..", "%2F"}])
@pytest.mark.usefixtures("catalogue", "eight_by_default", "search_secret")
def test_what_can_be_no_theme_is_refused(theme: str) -> None:
    assert put("Fangtasia", themes=["fine", theme]).bad_fields == [("body", "themes.1")]
    assert search(theme).bad_fields == [("body", "theme")]


def test_the_longest_name_may_be_sent_decomposed(catalogue: FakeCatalogue) -> None:
    assert put(unicodedata.normalize("NFD", "ệ" * 100)).status == 200
    assert list(catalogue.by_name) == ["ệ" * 100]
    assert put("ệ" * 101).bad_fields == [("path", "name")]
