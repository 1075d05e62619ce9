"""Pages of restaurants: how many one answer holds, and where the next one begins."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, GetJsonSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, PydanticCustomError

from restaurants.settings import max_count
from service_kit.cursors import InvalidCursor, make_cursor, read_cursor

NEXT_CURSOR = "x-next-cursor"
WITHOUT_RESULT = "SearchesWithoutResult"
INVALID_CURSOR = "Input should be a cursor that this service gave out"


def _within_quota(count: int) -> int:
    """Name both bounds, whichever was passed."""
    if not 1 <= count <= max_count():
        raise PydanticCustomError(
            "count", "Input should be from 1 to {max_count}", {"max_count": max_count()}
        )
    return count


class _DocumentedQuota:
    """Writes the quota into documents; it is a setting of each function, so it is not known before."""

    def __get_pydantic_json_schema__(self, _: CoreSchema, __: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "integer", "minimum": 1, "maximum": max_count()}


def _name(cursor: str) -> str:
    try:
        (name,) = read_cursor(cursor, parts=1)
    except InvalidCursor:
        raise PydanticCustomError("cursor", INVALID_CURSOR) from None
    return name


Count = Annotated[int, AfterValidator(_within_quota), _DocumentedQuota()]
NameCursor = Annotated[str, StringConstraints(max_length=600), AfterValidator(_name)]
"""A cursor as callers write it; once parsed, the name behind which the page begins."""
PlaceCursor = Annotated[str, StringConstraints(max_length=800), AfterValidator(_name)]
"""The same, for a name or a place in one."""


class ResultsConfig(BaseModel):
    """The dynamic configuration: how many restaurants an answer holds when the caller does not say."""

    default_results: int = Field(default=8, alias="defaultResults", ge=1)


def results(count: int | None, config: ResultsConfig) -> int:
    """Return how many restaurants to answer with; an operator's default cannot lift it over the quota."""
    return count if count is not None else min(config.default_results, max_count())


def next_cursor(last: str | None) -> str | None:
    """Return the cursor of the page behind the name `last`."""
    return None if last is None else make_cursor(last)


def next_page(last: str | None) -> dict[str, str]:
    """Return the header that leads to the page behind the name `last`; none when nothing follows."""
    return {} if last is None else {NEXT_CURSOR: make_cursor(last)}
