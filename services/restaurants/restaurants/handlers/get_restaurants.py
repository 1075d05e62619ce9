"""GET /restaurants."""

from typing import Annotated

from pydantic import BaseModel

from restaurants import wiring
from restaurants.handlers.pages import NEXT_CURSOR, Count, NameCursor, ResultsConfig, next_page, results
from restaurants.handlers.restaurant import RestaurantView, view
from service_kit.http import HttpResponse, http_handler
from service_kit.parameters import FromParameter


class ListQuery(BaseModel):
    """What a caller may ask of the list."""

    count: Count | None = None
    cursor: NameCursor | None = None


@http_handler(response_headers=(NEXT_CURSOR,), uses=(wiring.catalogue,))
def handle(
    query: ListQuery, config: Annotated[ResultsConfig, FromParameter("config")]
) -> HttpResponse[list[RestaurantView]]:
    """Return a page of restaurants, by name."""
    page = wiring.catalogue().page(after=query.cursor, count=results(query.count, config))
    return HttpResponse(body=[view(found) for found in page.restaurants], headers=next_page(page.last))
