"""GET /restaurants."""

from pydantic import BaseModel

from restaurants import wiring
from restaurants.handlers.counts import Count, ResultsConfig, results
from restaurants.handlers.cursors import NEXT_CURSOR, NameCursor, next_page
from restaurants.handlers.views import RestaurantView, view
from service_kit.http import HttpRequest, HttpResponse, http_handler
from service_kit.parameters import Config
from service_kit.snapshots import before_snapshot

config = Config(ResultsConfig, function="get-restaurants")


class ListQuery(BaseModel):
    """What a caller may ask of the list."""

    count: Count | None = None
    cursor: NameCursor | None = None


@http_handler(query=ListQuery, response=list[RestaurantView], response_headers=[NEXT_CURSOR])
def handle(request: HttpRequest[None, ListQuery]) -> HttpResponse:
    """Answer a page of restaurants, by name."""
    page = wiring.catalogue().page(after=request.query.cursor, count=results(request.query.count, config))
    return HttpResponse(body=[view(found) for found in page.restaurants], headers=next_page(page.last))


before_snapshot(wiring.catalogue)
