"""DELETE /restaurants/{name}."""

from restaurants import wiring
from restaurants.domain.delete_restaurant import delete_restaurant
from restaurants.domain.errors import RestaurantChangedError, RestaurantNotFoundError
from restaurants.handlers.restaurant import NameInPath
from service_kit.http import Conflict, NotFound, http_handler


@http_handler(
    group="restaurant-admins",
    errors={RestaurantNotFoundError: NotFound, RestaurantChangedError: Conflict},
    uses=(wiring.catalogue, wiring.staff),
)
def handle(name: NameInPath) -> None:
    """Take a restaurant out of the catalogue, and dismiss its staff."""
    delete_restaurant(wiring.catalogue(), wiring.staff(), name=name)
