"""The landing page's template and the lists of restaurants that it shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service_kit.aws import get_json
from web.page_templates import find_template

_BAD_REQUEST = 400


@dataclass(frozen=True)
class ShownRestaurants:
    """Restaurants as their API answers them, and the cursor of the next page."""

    restaurants: list[dict[str, Any]]
    next_cursor: str | None = None


class LandingPage:
    """The page, and what it asks the service `restaurants`."""

    def __init__(self) -> None:
        self._template = find_template("index.html")

    def restaurants_of_the_day(self, restaurants_url: str) -> ShownRestaurants:
        """Ask the list API, signed by this function's own role.

        Raises:
            service_kit.aws.UpstreamError: it refused or could not answer.
        """
        return ShownRestaurants(get_json(restaurants_url, segments=("restaurants",)))

    def find_restaurants(self, restaurants_url: str, wanted: Mapping[str, str]) -> ShownRestaurants | None:
        """Ask the search, signed as well; None when it cannot search for that.

        Behind an edge, the API answers its public search to no other service.

        Raises:
            service_kit.aws.UpstreamError: it could not answer.
        """
        found = get_json(
            restaurants_url,
            segments=("restaurants", "search", "signed"),
            query=wanted,
            none_on={_BAD_REQUEST},
        )
        return None if found is None else ShownRestaurants(found["restaurants"], found["nextCursor"])

    def render(self, **context: Any) -> str:
        """Return the page as HTML; everything in the context is escaped."""
        return self._template.render(**context)
