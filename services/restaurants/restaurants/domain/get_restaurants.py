"""List restaurants."""

from restaurants.domain.models import Catalogue, RestaurantPage


def get_restaurants(catalogue: Catalogue, *, after: str | None = None, count: int) -> RestaurantPage:
    """Give the first `count` restaurants by name, or those behind the name `after`."""
    return catalogue.page(after=after, count=count)
