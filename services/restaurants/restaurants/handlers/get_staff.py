"""GET /restaurants/{name}/staff."""

from datetime import datetime

from pydantic import BaseModel

from restaurants import wiring
from restaurants.domain.errors import RestaurantNotFoundError
from restaurants.domain.get_staff import get_staff
from restaurants.handlers.restaurant import NameInPath
from service_kit.http import NotFound, http_handler


class StaffMemberSince(BaseModel):
    """A person who may answer the orders of a restaurant, and since when."""

    email: str
    since: datetime


class StaffList(BaseModel):
    """All who may answer the orders of a restaurant."""

    staff: list[StaffMemberSince]


@http_handler(
    group="restaurant-admins",
    errors={RestaurantNotFoundError: NotFound},
    uses=(wiring.catalogue, wiring.staff),
)
def handle(name: NameInPath) -> StaffList:
    """Return the staff of a restaurant, by address."""
    members = get_staff(wiring.catalogue(), wiring.staff(), name=name)
    return StaffList(staff=[StaffMemberSince(email=one.email, since=one.since) for one in members])
