"""PUT /favourites/{name}."""

from restaurants import wiring
from restaurants.domain.errors import RestaurantNotFoundError
from restaurants.domain.put_favourite import put_favourite
from restaurants.handlers.paths import RestaurantPath
from service_kit.http import HttpRequest, http_handler
from service_kit.problems import NotFound
from service_kit.snapshots import before_snapshot


@http_handler(path=RestaurantPath, errors={RestaurantNotFoundError: NotFound})
def handle(request: HttpRequest[None, None, RestaurantPath]) -> None:
    """Make a restaurant one of the caller's favourites."""
    put_favourite(
        wiring.catalogue(),
        wiring.favourites(),
        customer_id=request.caller.user_id,
        name=request.path.name,
    )


before_snapshot(wiring.catalogue, wiring.favourites)
