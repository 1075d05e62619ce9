"""DELETE /restaurants/{name}."""

from restaurants import wiring
from restaurants.domain.delete_restaurant import delete_restaurant
from restaurants.domain.errors import RestaurantChangedError, RestaurantNotFoundError
from restaurants.handlers.paths import RestaurantPath
from service_kit.http import HttpRequest, http_handler
from service_kit.problems import Conflict, NotFound


@http_handler(
    group="restaurant-admins",
    path=RestaurantPath,
    errors={RestaurantNotFoundError: NotFound, RestaurantChangedError: Conflict},
)
def handle(request: HttpRequest[None, None, RestaurantPath]) -> None:
    """Take a restaurant out of the catalogue."""
    delete_restaurant(wiring.catalogue(), name=request.path.name)
