"""Search restaurants by theme."""

import hmac

from restaurants.domain.models import Catalogue, RestaurantPage, theme_key


def search_restaurants(
    catalogue: Catalogue, *, theme: str, after: str | None = None, count: int
) -> RestaurantPage:
    """Return the first `count` restaurants of a theme by name, or those behind the name `after`.

    An unknown theme has none.
    """
    return catalogue.page_of_theme(theme_key(theme), after=after, count=count)


def searcher_pseudonym(user_id: str, secret: str) -> str:
    """Return a name under which one customer's searches can be counted without knowing who it is.

    Without the secret, nobody can tell whose it is by trying all user ids.
    """
    return hmac.digest(secret.encode(), user_id.encode(), "sha256").hex()[:16]
