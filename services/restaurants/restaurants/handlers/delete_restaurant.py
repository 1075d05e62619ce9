"""DELETE /restaurants/{name}."""

from restaurants import wiring
from restaurants.domain.delete_restaurant import delete_restaurant
from restaurants.domain.errors import (
    RestaurantChangedError,
    RestaurantNotAsExpectedError,
    RestaurantNotFoundError,
)
from restaurants.handlers.restaurant import IfMatch, NameInPath, expectation
from service_kit.http import Conflict, NotFound, PreconditionFailed, http_handler


@http_handler(
    group="restaurant-admins",
    errors={
        RestaurantNotFoundError: NotFound,
        RestaurantChangedError: Conflict,
        RestaurantNotAsExpectedError: PreconditionFailed,
    },
    uses=(wiring.catalogue, wiring.staff),
)
def handle(name: NameInPath, if_match: IfMatch = None) -> None:
    """Take a restaurant out of the catalogue, with its staff; with `If-Match`, only if it has that tag."""
    delete_restaurant(wiring.catalogue(), wiring.staff(), name=name, expects=expectation(if_match))
