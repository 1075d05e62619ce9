"""Add or change a restaurant."""

from restaurants.domain.models import Catalogue, Restaurant


def put_restaurant(catalogue: Catalogue, restaurant: Restaurant) -> Restaurant:
    """Add the restaurant, or replace the one of the same name; it is found by its themes at once."""
    catalogue.put(restaurant)
    return restaurant
