"""DELETE /favourites/{name}."""

from restaurants import wiring
from restaurants.handlers.restaurant import NameInPath
from service_kit.http import Caller, http_handler


@http_handler(uses=(wiring.favourites,))
def handle(name: NameInPath, caller: Caller) -> None:
    """Make a restaurant none of the caller's favourites, whether or not it was one."""
    wiring.favourites().remove(caller.user_id, name)
