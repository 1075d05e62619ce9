"""Cursors."""

import base64
import json

import pytest

from service_kit.cursors import InvalidCursor, make_cursor, read_cursor


def encoded(content: str) -> str:
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "place", [("Lil' Bits",), ("2026-01-31", "order 1"), ("Ünïcödé 🍔",), ("\x00",), ("???>>>",)]
)
def test_a_cursor_gives_back_what_it_was_made_of(place: tuple[str, ...]) -> None:
    assert read_cursor(make_cursor(*place), parts=len(place)) == list(place)


def test_a_cursor_may_stand_in_a_url() -> None:
    cursor = make_cursor("???>>>", "Ünïcödé 🍔")
    assert cursor.replace("-", "").replace("_", "").isalnum()


def test_the_longest_name_of_a_restaurant_fits_600_characters() -> None:
    assert len(make_cursor("🍔" * 100)) <= 600


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "💥",
        "made up",
        encoded("{}"),
        encoded("[]"),
        encoded("null"),
        encoded('["a", "b"]'),
        encoded("[1]"),
        encoded('[""]'),
        encoded("[" * 100_000),
        encoded(json.dumps(["\ud800"])),
        encoded('["a"]') + "%%%%",
    ],
)
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidCursor) as refused:
        read_cursor(cursor, parts=1)
    assert refused.value.args == (cursor,)


def test_a_cursor_is_short() -> None:
    assert make_cursor("é", "b") == encoded('["é","b"]')
