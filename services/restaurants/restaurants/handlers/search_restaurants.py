"""POST /restaurants/search."""

from typing import Annotated

from aws_lambda_powertools import Logger
from pydantic import BaseModel, Field, SecretStr, Strict

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
from service_kit.parameters.flags import Flag

logger = Logger()


class SearchRequest(BaseModel):
    """What to search for."""

    theme: Theme
    # API Gateway's model refuses a number in quotes, so this one does too.
    count: Annotated[Count, Strict()] | None = None
    cursor: NameCursor | None = None


class LongPages(Flag):
    """Answer longer pages, so that fewer requests follow; a trial."""


class SearchConfig(ResultsConfig):
    """The dynamic configuration, with what a share of the customers gets."""

    long_pages: LongPages = Field(default=LongPages(), alias="longPages")
    long_page_results: int = Field(default=24, alias="longPageResults", ge=1)

    def of_customer(self, user_id: str) -> ResultsConfig:
        """Return what holds for a customer."""
        if self.long_pages.is_on(user_id=user_id):
            return ResultsConfig(defaultResults=self.long_page_results)
        return self


@http_handler(response_headers=(NEXT_CURSOR,), uses=(wiring.catalogue,))
def handle(
    body: SearchRequest,
    caller: Caller,
    config: Annotated[SearchConfig, FromParameter("config")],
    secret: Annotated[SecretStr, FromParameter("secretString")],
) -> HttpResponse[list[RestaurantView]]:
    """Return a page of the restaurants of a theme, by name."""
    count = results(body.count, config.of_customer(caller.user_id))
    page = search_restaurants(wiring.catalogue(), theme=body.theme, after=body.cursor, count=count)
    if not page.restaurants and body.cursor is None:
        metrics.add_metric(name=WITHOUT_RESULT, unit="Count", value=1)
    searcher = searcher_pseudonym(caller.user_id, secret.get_secret_value())
    logger.info("searched", theme=body.theme, results=len(page.restaurants), searcher=searcher)
    return HttpResponse(body=[view(found) for found in page.restaurants], headers=next_page(page.last))
