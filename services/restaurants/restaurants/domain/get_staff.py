"""List the staff of a restaurant."""

from restaurants.domain.errors import RestaurantNotFoundError
from restaurants.domain.models import Catalogue, Staff, StaffMember


def get_staff(catalogue: Catalogue, staff: Staff, *, name: str) -> list[StaffMember]:
    """Return who answers the orders of the restaurant, by address.

    Raises:
        RestaurantNotFoundError: there is no restaurant of that name.
    """
    members = staff.of_restaurant(name)
    if not members and catalogue.find(name) is None:
        raise RestaurantNotFoundError(name)
    return members
