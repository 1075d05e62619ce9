"""GET /restaurants/{name}."""

from restaurants import wiring
from restaurants.domain.errors import RestaurantNotFoundError
from restaurants.domain.get_restaurant import get_restaurant
from restaurants.handlers.restaurant import NameInPath, RestaurantView, tagged_view
from service_kit.http import HttpResponse, NotFound, http_handler


@http_handler(errors={RestaurantNotFoundError: NotFound}, uses=(wiring.catalogue,), response_headers=["ETag"])
def handle(name: NameInPath) -> HttpResponse[RestaurantView]:
    """Return one restaurant."""
    return tagged_view(get_restaurant(wiring.catalogue(), name=name))
