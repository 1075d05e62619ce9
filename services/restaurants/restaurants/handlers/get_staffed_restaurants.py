"""GET /staff."""

from pydantic import BaseModel

from restaurants import wiring
from restaurants.domain.models import email_key
from service_kit.http import Caller, http_handler


class StaffedRestaurants(BaseModel):
    """The names of the restaurants that the caller is staff of."""

    restaurants: list[str]


@http_handler(uses=(wiring.staff,))
def handle(caller: Caller) -> StaffedRestaurants:
    """Return the restaurants whose orders the caller may answer; none while the address is not verified."""
    email = caller.verified_email
    return StaffedRestaurants(
        restaurants=[] if email is None else wiring.staff().restaurants_of(email_key(email))
    )
