"""GET /restaurants/{name}."""

from restaurants import wiring
from restaurants.domain.errors import RestaurantNotFoundError
from restaurants.domain.get_restaurant import get_restaurant
from restaurants.handlers.restaurant import NameInPath, RestaurantView, view
from service_kit.http import http_handler
from service_kit.problems import NotFound


@http_handler(errors={RestaurantNotFoundError: NotFound}, uses=(wiring.catalogue,))
def handle(name: NameInPath) -> RestaurantView:
    """Return one restaurant."""
    return view(get_restaurant(wiring.catalogue(), name=name))
