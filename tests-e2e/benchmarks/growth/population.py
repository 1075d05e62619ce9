"""What stands in the tables: so many restaurants, as many orders of one of them and as many bookmarks.

Names have the same length whatever the size, so that pages of as many restaurants have as many bytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from boto3.dynamodb.types import TypeSerializer
from restaurants.adapters.favourite_table import favourite_item
from restaurants.adapters.restaurant_table import items_of, place_items
from restaurants.domain.models import Restaurant

FEW = 9
POPULAR, RARE, UNIQUE = "popular", "rare", "unique"
# A customer whom everything belongs to, and one who has a few things among all that.
MANY_OF_ADA, FEW_OF_BOB = "ada", "bob"
# Where each of them orders.
KITCHENS = {MANY_OF_ADA: "Crowded Restaurant", FEW_OF_BOB: "Quiet Restaurant"}
# Names are searched for from a letter r on: what follows others has other keys, and takes long to write.
SEARCHED = "place#r"
IMAGE = "assets/images/fangtasia.svg"
FIRST_ORDER = datetime(2026, 1, 31, tzinfo=UTC)

Item = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Population:
    """Everything that stands in the tables when there are so many restaurants, ten or more."""

    restaurants: int

    def name(self, number: int) -> str:
        """Return the name of a restaurant; they sort by number."""
        return f"Restaurant {number:06d}"

    def themes(self, number: int) -> list[str]:
        """Return a restaurant's themes: one of all, one of a few of them, and one of the last alone."""
        if number == self.restaurants - 1:
            return [POPULAR, UNIQUE]
        return [POPULAR, RARE] if number in self.few else [POPULAR]

    @property
    def few(self) -> range:
        """Numbers of some restaurants, spread over all, the last one left out."""
        return range(0, self.restaurants - 1, (self.restaurants - 1) // FEW)[:FEW]

    def bare_restaurants(self) -> Iterator[Item]:
        """Yield one item for each restaurant, as the usual table has it."""
        for number in range(self.restaurants):
            yield _item(name=self.name(number), image=IMAGE, themes=self.themes(number))

    def listed_restaurants(self) -> Iterator[Item]:
        """Yield the items of all listings that restaurants stand in, as the catalogue writes them."""
        for number in range(self.restaurants):
            restaurant = Restaurant.model_construct(
                name=self.name(number), image=IMAGE, themes=tuple(self.themes(number))
            )
            for item in items_of(restaurant, version=1):
                yield _item(**item)
            for place in place_items(restaurant.name):
                if place["listing"] == SEARCHED:
                    yield _item(**place)

    def orders(self) -> Iterator[Item]:
        """Yield as many orders of ada as there are restaurants, and a few of bob; all wait for an answer."""
        for number in range(self.restaurants):
            yield self._order(MANY_OF_ADA, number)
        for number in self.few:
            yield self._order(FEW_OF_BOB, number)

    def placed_at(self, number: int) -> str:
        """Return when the order of that number was placed, as the table writes it."""
        return (FIRST_ORDER + timedelta(seconds=number)).isoformat(timespec="microseconds")

    def order_id(self, customer: str, number: int) -> str:
        """Return an order's id, which is as long as a real one."""
        return f"{customer}-{number:032d}"

    def favourites(self) -> Iterator[Item]:
        """Yield a bookmark of ada for each restaurant, and a few of bob."""
        for number in range(self.restaurants):
            yield _item(**favourite_item(MANY_OF_ADA, self.name(number)))
        for number in self.few:
            yield _item(**favourite_item(FEW_OF_BOB, self.name(number)))

    def _order(self, customer: str, number: int) -> Item:
        return _item(
            orderId=self.order_id(customer, number),
            customerId=customer,
            restaurantName=KITCHENS[customer],
            answerQueue=f"{KITCHENS[customer]}#waiting",
            state="notified",
            placedAt=self.placed_at(number),
            notifiedAt=self.placed_at(number),
            answerBy=self.placed_at(number),
        )


_serializer = TypeSerializer()


def _item(**attributes: Any) -> Item:
    return {name: {**_serializer.serialize(value)} for name, value in attributes.items()}
