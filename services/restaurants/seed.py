"""Gives a stage something to show: the eight restaurants.

Run by `stagectl seed`; running it again restores them.
"""

import os

from restaurants.adapters.restaurant_table import RestaurantTable
from restaurants.domain.models import Restaurant

RESTAURANTS = [
    Restaurant(name="Fangtasia", image="assets/images/fangtasia.svg", themes=("true blood",)),
    Restaurant(name="Shoney's", image="assets/images/shoneys.svg", themes=("cartoon", "rick and morty")),
    Restaurant(
        name="Freddy's BBQ Joint",
        image="assets/images/freddys-bbq-joint.svg",
        themes=("netflix", "house of cards"),
    ),
    Restaurant(name="Pizza Planet", image="assets/images/pizza-planet.svg", themes=("netflix", "toy story")),
    Restaurant(
        name="Leaky Cauldron", image="assets/images/leaky-cauldron.svg", themes=("movie", "harry potter")
    ),
    Restaurant(name="Lil' Bits", image="assets/images/lil-bits.svg", themes=("cartoon", "rick and morty")),
    Restaurant(name="Fancy Eats", image="assets/images/fancy-eats.svg", themes=("cartoon", "rick and morty")),
    Restaurant(name="Don Cuco", image="assets/images/don-cuco.svg", themes=("cartoon", "rick and morty")),
]


def seed(stage: str) -> None:
    """Write the restaurants."""
    table = RestaurantTable(f"restaurants-{stage}")
    for restaurant in RESTAURANTS:
        table.put(restaurant)
    print(f"{len(RESTAURANTS)} restaurants")


if __name__ == "__main__":
    seed(os.environ["STAGE"])
