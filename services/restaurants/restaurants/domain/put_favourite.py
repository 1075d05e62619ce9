"""Bookmark a restaurant."""

from restaurants.domain.errors import RestaurantNotFoundError
from restaurants.domain.models import Catalogue, Favourites


def put_favourite(catalogue: Catalogue, favourites: Favourites, *, customer_id: str, name: str) -> None:
    """Make a restaurant one of the customer's favourites; doing so again changes nothing.

    Raises:
        RestaurantNotFoundError: there is none of that name.
    """
    if catalogue.find(name) is None:
        raise RestaurantNotFoundError(name)
    favourites.add(customer_id, name)
