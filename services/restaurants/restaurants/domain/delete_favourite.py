"""Remove a bookmark."""

from restaurants.domain.models import Favourites


def delete_favourite(favourites: Favourites, *, customer_id: str, name: str) -> None:
    """Make a restaurant none of the customer's favourites, whether or not it was one."""
    favourites.remove(customer_id, name)
