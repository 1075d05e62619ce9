"""Look up one restaurant."""

from restaurants.domain.errors import RestaurantNotFoundError
from restaurants.domain.models import Catalogue, Restaurant


def get_restaurant(catalogue: Catalogue, *, name: str) -> Restaurant:
    """Return the restaurant of that name.

    Raises:
        RestaurantNotFoundError: there is none.
    """
    found = catalogue.find(name)
    if found is None:
        raise RestaurantNotFoundError(name)
    return found
