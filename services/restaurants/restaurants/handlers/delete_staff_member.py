"""DELETE /restaurants/{name}/staff/{email}."""

from restaurants import wiring
from restaurants.handlers.restaurant import NameInPath
from restaurants.handlers.staff import EmailInPath
from service_kit.http import http_handler


@http_handler(group="restaurant-admins", uses=(wiring.staff,))
def handle(name: NameInPath, email: EmailInPath) -> None:
    """Let a person answer no orders of a restaurant any more, whether or not they were its staff."""
    wiring.staff().remove(name, email)
