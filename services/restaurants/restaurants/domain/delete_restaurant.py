"""Take a restaurant out of the catalogue."""

from restaurants.domain.errors import RestaurantNotFoundError
from restaurants.domain.models import Catalogue, Expectation, Staff


def delete_restaurant(
    catalogue: Catalogue, staff: Staff, *, name: str, expects: Expectation | None = None
) -> None:
    """Remove the restaurant, if it is as expected, from the list and from all its themes, and then its staff.

    Raises:
        RestaurantNotFoundError: there is none of that name.
        RestaurantNotAsExpectedError: it is not as expected.
        RestaurantChangedError: another admin changed it at the same time, and nothing was expected.
    """
    is_removed = catalogue.remove(name, expects=expects)
    # Also when there is none any more: an earlier call may have ended between the two.
    for member in staff.of_restaurant(name):
        staff.remove(name, member.email)
    if not is_removed:
        raise RestaurantNotFoundError(name)
