"""List the caller's favourites."""

from restaurants.domain.models import Catalogue, Favourites, RestaurantPage


def get_favourites(
    catalogue: Catalogue, favourites: Favourites, *, customer_id: str, after: str | None = None, count: int
) -> RestaurantPage:
    """Return the first `count` of the customer's favourites by name, or those behind the name `after`.

    They are shown as the catalogue has them now. One that has left it is not shown, so that a page may hold
    fewer; it is a favourite again once it is back.
    """
    page = favourites.of_customer(customer_id, after=after, count=count)
    return RestaurantPage(restaurants=catalogue.find_all(page.names), last=page.last)
