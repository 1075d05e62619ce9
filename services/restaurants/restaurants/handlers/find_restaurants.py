"""GET /restaurants/search."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from restaurants import wiring
from restaurants.domain.find_restaurants import find_restaurants
from restaurants.domain.name_places import search_key, start_of_places
from restaurants.handlers.pages import (
    INVALID_CURSOR,
    WITHOUT_RESULT,
    Count,
    PlaceCursor,
    ResultsConfig,
    next_cursor,
    results,
)
from restaurants.handlers.restaurant import RestaurantView, view
from service_kit.http import BadRequest, FieldError, http_handler
from service_kit.invocation import metrics
from service_kit.names import VISIBLE_TEXT
from service_kit.parameters import FromParameter


def _comparable(text: str) -> str:
    if text and not search_key(text):
        raise PydanticCustomError("text", "Input should have more than accents")
    return text


class FindQuery(BaseModel):
    """What to look for; an empty text or theme is none, as forms send it."""

    text: Annotated[str, StringConstraints(max_length=100), VISIBLE_TEXT, AfterValidator(_comparable)] = ""
    theme: Annotated[str, StringConstraints(max_length=60), VISIBLE_TEXT] = ""
    count: Count | None = None
    cursor: PlaceCursor | None = None


class FoundRestaurants(BaseModel):
    """A page of restaurants."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    restaurants: list[RestaurantView]
    next_cursor: str | None


@http_handler(uses=(wiring.catalogue,))
def handle(query: FindQuery, config: Annotated[ResultsConfig, FromParameter("config")]) -> FoundRestaurants:
    """Return a page of the restaurants with a text in their name, of a theme, or both; or of all."""
    if query.text and query.cursor and not query.cursor.startswith(start_of_places(search_key(query.text))):
        raise BadRequest(errors=[FieldError("query", "cursor", INVALID_CURSOR)])
    page = find_restaurants(
        wiring.catalogue(),
        text=query.text or None,
        theme=query.theme or None,
        after=query.cursor,
        count=results(query.count, config),
    )
    if not page.restaurants and page.last is None and query.cursor is None:
        metrics.add_metric(name=WITHOUT_RESULT, unit="Count", value=1)
    return FoundRestaurants(
        restaurants=[view(found) for found in page.restaurants], next_cursor=next_cursor(page.last)
    )
