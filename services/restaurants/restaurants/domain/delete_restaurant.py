"""Take a restaurant out of the catalogue."""

from restaurants.domain.errors import RestaurantNotFoundError
from restaurants.domain.models import Catalogue


def delete_restaurant(catalogue: Catalogue, *, name: str) -> None:
    """Remove the restaurant from the list and from all its themes.

    Raises:
        RestaurantNotFoundError: there is none of that name.
    """
    if not catalogue.remove(name):
        raise RestaurantNotFoundError(name)
