"""Restaurants, and who may change them."""

import uuid

RESTAURANT_ADMINS = "restaurant-admins"
# The restaurants that every seeded stage shows, with their themes.
SEEDED_RESTAURANTS = {
    "Fangtasia": ["true blood"],
    "Shoney's": ["cartoon", "rick and morty"],
    "Freddy's BBQ Joint": ["netflix", "house of cards"],
    "Pizza Planet": ["netflix", "toy story"],
    "Leaky Cauldron": ["movie", "harry potter"],
    "Lil' Bits": ["cartoon", "rick and morty"],
    "Fancy Eats": ["cartoon", "rick and morty"],
    "Don Cuco": ["cartoon", "rick and morty"],
}
A_RESTAURANT = "Freddy's BBQ Joint"
ANOTHER_RESTAURANT = "Lil' Bits"
A_SEEDED_IMAGE = "assets/images/fangtasia.svg"


def a_new_restaurant_name() -> str:
    """Return an unused restaurant name that sorts after all others."""
    return f"zz e2e {uuid.uuid4()}"


def a_new_theme() -> str:
    """Return a theme that no restaurant has."""
    return f"e2e {uuid.uuid4()}"
