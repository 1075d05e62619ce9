"""Give a stage something to show: eight restaurants, and who answers their orders.

Run by `stagectl seed`; running it again restores them.
"""

import os
from datetime import UTC, datetime

from restaurants.adapters.restaurant_table import RestaurantTable
from restaurants.adapters.staff_table import StaffTable
from restaurants.domain.models import Restaurant, StaffMember

# The person whom the seed of auth makes.
STAFF = "kitchen@bigmouth.example"

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
    """Write the restaurants and their staff."""
    table = RestaurantTable(f"restaurants-{stage}")
    staff = StaffTable(f"restaurants-{stage}-staff", of_restaurants_in=f"restaurants-{stage}")
    member = StaffMember(email=STAFF, since=datetime.now(UTC))
    for restaurant in RESTAURANTS:
        table.put(restaurant)
        staff.add(restaurant.name, member)
    print(f"{len(RESTAURANTS)} restaurants; {STAFF} is staff of all of them")


if __name__ == "__main__":
    seed(os.environ["STAGE"])
