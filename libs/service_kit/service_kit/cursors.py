"""Cursors: where the next page of a list begins, as a text that callers hand back untouched.

A cursor holds only a place in an order, never whose list it is: a stolen one leads into the thief's own.
"""

from __future__ import annotations

import base64
import json

__all__ = ["InvalidCursor", "make_cursor", "read_cursor"]


class InvalidCursor(ValueError):  # noqa: N818, says what is the case
    """The text is no cursor, or one of another list."""


def make_cursor(*place: str) -> str:
    """Make a cursor of the sort key of a page's last item; it may stand in a URL as it is."""
    text = json.dumps(place, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str, *, parts: int) -> list[str]:
    """Give the place that a cursor was made of.

    Args:
        cursor: What a caller handed back, which may be anything.
        parts: How many texts the list's cursors are made of.

    Raises:
        InvalidCursor: It is not made of that many texts, or one of them can be no key in DynamoDB.
    """
    try:
        place = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (ValueError, RecursionError) as broken:
        raise InvalidCursor(cursor) from broken
    if not isinstance(place, list) or len(place) != parts or not all(map(_can_be_a_key, place)):
        raise InvalidCursor(cursor)
    return place


def _can_be_a_key(text: object) -> bool:
    if not isinstance(text, str) or not text:
        return False
    try:
        # JSON can hold half a character, and DynamoDB cannot.
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
