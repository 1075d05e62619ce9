"""GET /restaurants."""

from pydantic import BaseModel

from restaurants import wiring
from restaurants.domain.get_restaurants import get_restaurants
from restaurants.handlers.counts import Count, ResultsConfig, results
from restaurants.handlers.views import RestaurantView, view
from service_kit.http import HttpRequest, http_handler
from service_kit.parameters import Config

config = Config(ResultsConfig, function="get-restaurants")


class ListQuery(BaseModel):
    """What a caller may ask of the list."""

    count: Count | None = None


@http_handler(query=ListQuery, response=list[RestaurantView])
def handle(request: HttpRequest[None, ListQuery]) -> list[RestaurantView]:
    """Answer the first restaurants by name."""
    found = get_restaurants(wiring.catalogue(), count=results(request.query.count, config))
    return [view(restaurant) for restaurant in found]
