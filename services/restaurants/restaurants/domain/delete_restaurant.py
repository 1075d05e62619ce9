"""Take a restaurant out of the catalogue."""

from restaurants.domain.errors import RestaurantNotFoundError
from restaurants.domain.models import Catalogue, Staff


def delete_restaurant(catalogue: Catalogue, staff: Staff, *, name: str) -> None:
    """Remove the restaurant from the list and from all its themes, and then its staff.

    Raises:
        RestaurantNotFoundError: there is none of that name.
    """
    is_removed = catalogue.remove(name)
    # Also when there is none any more: an earlier call may have ended between the two.
    for member in staff.of_restaurant(name):
        staff.remove(name, member.email)
    if not is_removed:
        raise RestaurantNotFoundError(name)
