"""POST /restaurants/search."""

from typing import Annotated

from aws_lambda_powertools import Logger
from pydantic import BaseModel, SecretStr, Strict

from restaurants import wiring
from restaurants.domain.search_restaurants import search_restaurants, searcher_pseudonym
from restaurants.handlers.pages import (
    NEXT_CURSOR,
    WITHOUT_RESULT,
    Count,
    NameCursor,
    ResultsConfig,
    next_page,
    results,
)
from restaurants.handlers.restaurant import RestaurantView, Theme, view
from service_kit.http import Caller, HttpResponse, http_handler
from service_kit.invocation import metrics
from service_kit.parameters import FromParameter

logger = Logger()


class SearchRequest(BaseModel):
    """What to search for."""

    theme: Theme
    # API Gateway's model refuses a number in quotes, so this one does too.
    count: Annotated[Count, Strict()] | None = None
    cursor: NameCursor | None = None


@http_handler(response_headers=(NEXT_CURSOR,), uses=(wiring.catalogue,))
def handle(
    body: SearchRequest,
    caller: Caller,
    config: Annotated[ResultsConfig, FromParameter("config")],
    secret: Annotated[SecretStr, FromParameter("secretString")],
) -> HttpResponse[list[RestaurantView]]:
    """Return a page of the restaurants of a theme, by name."""
    page = search_restaurants(
        wiring.catalogue(), theme=body.theme, after=body.cursor, count=results(body.count, config)
    )
    if not page.restaurants and body.cursor is None:
        metrics.add_metric(name=WITHOUT_RESULT, unit="Count", value=1)
    searcher = searcher_pseudonym(caller.user_id, secret.get_secret_value())
    logger.info("searched", theme=body.theme, results=len(page.restaurants), searcher=searcher)
    return HttpResponse(body=[view(found) for found in page.restaurants], headers=next_page(page.last))
