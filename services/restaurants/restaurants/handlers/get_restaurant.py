"""GET /restaurants/{name}."""

from restaurants import wiring
from restaurants.domain.errors import RestaurantNotFoundError
from restaurants.domain.get_restaurant import get_restaurant
from restaurants.handlers.restaurant import NameInPath, RestaurantView, view
from service_kit.http import NotFound, http_handler


@http_handler(errors={RestaurantNotFoundError: NotFound}, uses=(wiring.catalogue,))
def handle(name: NameInPath) -> RestaurantView:
    """Return one restaurant."""
    return view(get_restaurant(wiring.catalogue(), name=name))
