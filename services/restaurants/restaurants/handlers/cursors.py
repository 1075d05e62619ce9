"""Where a page of restaurants begins: the cursor that the page before gave, which holds a name."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from service_kit.cursors import InvalidCursor, make_cursor, read_cursor

NEXT_CURSOR = "x-next-cursor"


def _name(cursor: str) -> str:
    try:
        (name,) = read_cursor(cursor, parts=1)
    except InvalidCursor:
        raise PydanticCustomError("cursor", "Input should be a cursor that this service gave out") from None
    return name


NameCursor = Annotated[str, StringConstraints(max_length=600), AfterValidator(_name)]
"""A cursor as callers write it; once parsed, the name behind which the page begins."""


def next_cursor(last: str | None) -> str | None:
    """Give the cursor of the page behind the name `last`."""
    return None if last is None else make_cursor(last)


def next_page(last: str | None) -> dict[str, str]:
    """Give the header that leads to the page behind the name `last`; none when nothing follows."""
    return {} if last is None else {NEXT_CURSOR: make_cursor(last)}
