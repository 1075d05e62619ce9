"""GET /favourites."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from restaurants import wiring
from restaurants.domain.get_favourites import get_favourites
from restaurants.handlers.pages import NameCursor, next_cursor
from restaurants.handlers.restaurant import RestaurantView, view
from restaurants.settings import FavouritePageSettings
from service_kit.http import Caller, http_handler
from service_kit.settings import load_settings


class FavouritesQuery(BaseModel):
    """Where to go on: the `nextCursor` of the page before."""

    cursor: NameCursor | None = None


class FavouriteList(BaseModel):
    """A page of favourites."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    favourites: list[RestaurantView]
    next_cursor: str | None


@http_handler(uses=(wiring.catalogue, wiring.favourites))
def handle(query: FavouritesQuery, caller: Caller) -> FavouriteList:
    """Return a page of the caller's favourites, by name."""
    page = get_favourites(
        wiring.catalogue(),
        wiring.favourites(),
        customer_id=caller.user_id,
        after=query.cursor,
        count=load_settings(FavouritePageSettings).page_size,
    )
    return FavouriteList(
        favourites=[view(found) for found in page.restaurants], next_cursor=next_cursor(page.last)
    )
