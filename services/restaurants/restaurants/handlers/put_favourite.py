"""PUT /favourites/{name}."""

from restaurants import wiring
from restaurants.domain.errors import RestaurantNotFoundError
from restaurants.domain.put_favourite import put_favourite
from restaurants.handlers.restaurant import NameInPath
from service_kit.http import Caller, NotFound, http_handler


@http_handler(errors={RestaurantNotFoundError: NotFound}, uses=(wiring.catalogue, wiring.favourites))
def handle(name: NameInPath, caller: Caller) -> None:
    """Make a restaurant one of the caller's favourites."""
    put_favourite(wiring.catalogue(), wiring.favourites(), customer_id=caller.user_id, name=name)
