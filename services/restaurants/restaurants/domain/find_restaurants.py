"""Find restaurants by a part of their name, by theme, or both."""

from restaurants.domain.models import Catalogue, Restaurant, RestaurantPage, theme_key
from restaurants.domain.name_places import search_key

READS = 5
"""How often one page may go on looking for restaurants that have the theme too."""


def find_restaurants(
    catalogue: Catalogue, *, text: str | None, theme: str | None, after: str | None = None, count: int
) -> RestaurantPage:
    """Return the first restaurants that have the text in their name and the theme, or those behind `after`.

    A page is sorted by name. One of restaurants with a text may hold fewer than `count` though others follow:
    what it costs is bounded, however many have the text and not the theme.
    """
    if text is not None:
        return _with_text(catalogue, search_key(text), theme, after, count)
    if theme is not None:
        return catalogue.page_of_theme(theme_key(theme), after=after, count=count)
    return catalogue.page(after=after, count=count)


def _with_text(
    catalogue: Catalogue, key: str, theme: str | None, after: str | None, count: int
) -> RestaurantPage:
    found: list[Restaurant] = []
    for _ in range(READS):
        page = catalogue.names_with(key, after=after, count=count - len(found))
        found += (one for one in catalogue.find_all(page.names) if _has(one, theme))
        after = page.last
        if after is None or len(found) == count:
            break
    return RestaurantPage(restaurants=sorted(found, key=lambda one: one.name), last=after)


def _has(restaurant: Restaurant, theme: str | None) -> bool:
    return theme is None or theme_key(theme) in map(theme_key, restaurant.themes)
