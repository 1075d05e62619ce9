"""List restaurants."""

from restaurants.domain.models import Catalogue, Restaurant


def get_restaurants(catalogue: Catalogue, *, count: int) -> list[Restaurant]:
    """Give the first `count` restaurants by name."""
    return catalogue.first(count)
