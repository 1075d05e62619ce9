"""The places of a name, by which it is found by any part of it."""

import unicodedata
from typing import Literal

import pytest

from restaurants.domain.name_places import (
    is_first_place,
    name_at,
    places_in,
    search_key,
    start_of_places,
)


def is_found(text: str, name: str) -> bool:
    """Return whether a name is found by a text, as the table finds it."""
    key = search_key(text)
    starting = [place for place in places_in(name) if place.startswith(start_of_places(key))]
    return [name_at(place) for place in starting if is_first_place(place, key)] == [name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("p", "Pizza Planet"),
        ("PIZZA", "Pizza Planet"),
        ("anet", "Pizza Planet"),
        ("a pl", "Pizza Planet"),
        ("pizza planet", "Pizza Planet"),
        ("an", "Banana"),
        ("%", "100% Pizza"),
        ("🍔", "The 🍔 Bar"),
        ("👩‍👧", "👨‍👩‍👧"),
        ("☕", "☕️ Bar"),
        ("☕️", "☕️ Bar"),
        ("cafe", "Café Ångström"),
        ("CAFÉ ANG", "Café Ångström"),
        ("angström", "Café Ångström"),
        ("strasse", "Straße 7"),
        ("freddy's", "Freddy\u2019s"),
        ("freddy\u2019s", "Freddy's"),
        ("שלום", "מסעדת שלום"),
        ("مطع", "مطعم"),
        ("寿", "東京寿司"),
        ("x" * 100, "x" * 100),
        ("y", "x" * 99 + "y"),
        ("x" * 59 + "y", "x" * 99 + "y"),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_name_is_found_once_by_any_part_of_it(text: str, name: str, form: Literal["NFC", "NFD"]) -> None:
    assert is_found(unicodedata.normalize(form, text), unicodedata.normalize(form, name))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("pasta", "Pizza Planet"),
        ("planet pizza", "Pizza Planet"),
        ("%", "Pizza"),
        ("y" + "x" * 50, "x" * 100),
    ],
)
def test_a_name_is_not_found_by_what_is_no_part_of_it(text: str, name: str) -> None:
    assert not is_found(text, name)


@pytest.mark.parametrize("name", ["🍔" * 100, "ΐ" * 100, "ﷺ" * 100, "ŉ" * 100, "x y" * 33])
def test_a_place_fits_a_sort_key_and_there_are_no_more_than_characters(name: str) -> None:
    places = places_in(name)
    assert 0 < max(len(place.encode()) for place in places) <= 1024
    assert len(places) <= len(search_key(name))
