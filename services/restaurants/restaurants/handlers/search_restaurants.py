"""POST /restaurants/search."""

from typing import Annotated

from pydantic import BaseModel, Strict

from restaurants import wiring
from restaurants.domain.search_restaurants import search_restaurants, searcher_pseudonym
from restaurants.handlers.counts import Count, ResultsConfig, results
from restaurants.handlers.cursors import NEXT_CURSOR, NameCursor, next_page
from restaurants.handlers.names import Theme
from restaurants.handlers.views import RestaurantView, view
from service_kit.http import HttpRequest, HttpResponse, http_handler
from service_kit.invocation import logger
from service_kit.parameters import Config, Secret
from service_kit.snapshots import before_snapshot

config = Config(ResultsConfig, function="search-restaurants")
secret = Secret(function="search-restaurants", name="secretString")


class SearchRequest(BaseModel):
    """What to search for."""

    theme: Theme
    # API Gateway's model refuses a number in quotes, so this one does too.
    count: Annotated[Count, Strict()] | None = None
    cursor: NameCursor | None = None


@http_handler(body=SearchRequest, response=list[RestaurantView], response_headers=[NEXT_CURSOR])
def handle(request: HttpRequest[SearchRequest]) -> HttpResponse:
    """Answer a page of the restaurants of a theme, by name."""
    page = search_restaurants(
        wiring.catalogue(),
        theme=request.body.theme,
        after=request.body.cursor,
        count=results(request.body.count, config),
    )
    searcher = searcher_pseudonym(request.caller.user_id, secret.get().get_secret_value())
    logger.info("searched", theme=request.body.theme, results=len(page.restaurants), searcher=searcher)
    return HttpResponse(body=[view(found) for found in page.restaurants], headers=next_page(page.last))


before_snapshot(wiring.catalogue)
