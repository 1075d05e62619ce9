"""DELETE /favourites/{name}."""

from restaurants import wiring
from restaurants.handlers.paths import RestaurantPath
from service_kit.http import HttpRequest, http_handler
from service_kit.snapshots import before_snapshot


@http_handler(path=RestaurantPath)
def handle(request: HttpRequest[None, None, RestaurantPath]) -> None:
    """Make a restaurant none of the caller's favourites, whether or not it was one."""
    wiring.favourites().remove(request.caller.user_id, request.path.name)


before_snapshot(wiring.favourites)
