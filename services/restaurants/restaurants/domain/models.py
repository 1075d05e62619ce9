"""Restaurants."""

import unicodedata
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from restaurants.domain.events import UserErased


class Restaurant(BaseModel):
    """A restaurant of the catalogue; `image` is a path below the service's URL."""

    model_config = ConfigDict(frozen=True)

    name: str
    image: str
    themes: tuple[str, ...]


Expectation = Callable[[Restaurant | None], bool]
"""Whether a restaurant is what an admin wants to change, None being no restaurant."""


class RestaurantPage(BaseModel):
    """Some restaurants of a list that is sorted by name.

    `last` is the name behind which the next page begins; None when nothing follows.
    """

    model_config = ConfigDict(frozen=True)

    restaurants: list[Restaurant]
    last: str | None


class NamePage(BaseModel):
    """Some names of a sorted list; `last` as in `RestaurantPage`."""

    model_config = ConfigDict(frozen=True)

    names: list[str]
    last: str | None


class StaffMember(BaseModel):
    """A person who answers the orders of a restaurant; `email` is in the form of `email_key`."""

    model_config = ConfigDict(frozen=True)

    email: str
    since: datetime


class Catalogue(Protocol):
    """All restaurants, however they are kept."""

    def page(self, *, after: str | None, count: int) -> RestaurantPage:
        """Return the first `count` restaurants by name, or those behind the name `after`."""

    def page_of_theme(self, theme: str, *, after: str | None, count: int) -> RestaurantPage:
        """Return the first `count` restaurants of a theme by name, or those behind the name `after`."""

    def names_with(self, key: str, *, after: str | None, count: int) -> NamePage:
        """Return at most `count` names that have a search key in them, each once, by their places of it.

        `last` is such a place (`name_places`), and not a name. A name may be that of no restaurant.
        """

    def find(self, name: str) -> Restaurant | None:
        """Return one restaurant, or None when there is none of that name."""

    def find_all(self, names: Sequence[str]) -> list[Restaurant]:
        """Return the restaurants of these names, in their order; a name that none has is left out."""

    def put(self, restaurant: Restaurant, *, expects: Expectation | None = None) -> None:
        """Add the restaurant, or replace the one of the same name, if that is as expected.

        Raises:
            RestaurantNotAsExpectedError: it is not, or another admin changed it at the same time.
            RestaurantChangedError: another admin changed it at the same time, and nothing was expected.
        """

    def add(self, restaurant: Restaurant, *, origin: str) -> bool:
        """Add a restaurant that comes from `origin`; False when one of its name exists from elsewhere.

        Raises:
            RestaurantChangedError: another was added at the same time.
        """

    def remove(self, name: str, *, expects: Expectation | None = None) -> bool:
        """Remove a restaurant, if it is as expected; False when there is none of that name.

        Raises:
            RestaurantNotAsExpectedError: it is not, or another admin changed it at the same time.
            RestaurantChangedError: another admin changed it at the same time, and nothing was expected.
        """


class Favourites(Protocol):
    """What customers have bookmarked, however it is kept."""

    def add(self, customer_id: str, restaurant_name: str) -> None:
        """Bookmark a restaurant; one that is bookmarked already stays so."""

    def remove(self, customer_id: str, restaurant_name: str) -> None:
        """Remove a bookmark, if there is one."""

    def remove_all(self, customer_id: str) -> None:
        """Remove all bookmarks of a customer."""

    def of_customer(self, customer_id: str, *, after: str | None, count: int) -> NamePage:
        """Return the first `count` names that a customer has bookmarked, or those behind the name `after`."""


class Erasures(Protocol):
    """Whoever waits for the erasure of people."""

    def publish_user_erased(self, event: UserErased) -> None:
        """Announce that this service holds nothing of a person any more."""


class Staff(Protocol):
    """Who answers the orders of which restaurant, however it is kept."""

    def add(self, restaurant_name: str, member: StaffMember) -> None:
        """Make a person staff of a restaurant; one who is already stays so since then.

        Raises:
            RestaurantNotFoundError: there is none of that name.
            RestaurantChangedError: an admin changed it at the same time.
        """

    def remove(self, restaurant_name: str, email: str) -> None:
        """Make a person no staff of a restaurant, whether or not they were."""

    def find(self, restaurant_name: str, email: str) -> StaffMember | None:
        """Return a member of the staff of a restaurant, or None."""

    def of_restaurant(self, restaurant_name: str) -> list[StaffMember]:
        """Return the staff of a restaurant, by address."""

    def restaurants_of(self, email: str) -> list[str]:
        """Return the names of the restaurants that a person is staff of."""


def email_key(email: str) -> str:
    """Return the form in which email addresses are compared: case and composition do not matter."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", email).lower())


def theme_key(theme: str) -> str:
    """Return the form in which themes are compared: case, composition and spaces do not matter."""
    folded = unicodedata.normalize("NFC", theme).casefold()
    return " ".join(unicodedata.normalize("NFC", folded).split())
