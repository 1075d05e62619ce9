"""Issue a ticket: the right of one page to connect, and to be told of changes for a while."""

import hashlib
import secrets
from collections.abc import Collection, Mapping
from typing import Protocol

from notifications.domain import audiences
from notifications.domain.errors import NotStaffError

TICKET_SECONDS = 30
"""How long a ticket can be used, once."""

PAGE_SECONDS = 540
"""How long a page is told of changes: API Gateway ends a connection that is silent for ten minutes."""

PAGES_PER_PERSON = 10


class Pages(Protocol):
    """The pages that are told of changes."""

    def expiries(self, person: str) -> Mapping[str, int]:
        """Return when each of a person's pages expires, in seconds since the epoch."""

    def expect(
        self, page: str, *, secret_hash: str, audiences: Collection[str], usable_until: int, expires_at: int
    ) -> None:
        """Let a page connect with this secret, in place of what was known of that page."""


class Staff(Protocol):
    """Who works where, as another service knows it."""

    def is_staff(self, restaurant_name: str, email: str) -> bool:
        """Say whether a person is staff of a restaurant."""


def issue_ticket(
    pages: Pages, staff: Staff, *, user_id: str, email: str | None, restaurant_name: str | None, now: int
) -> str:
    """Return a ticket for one more page of a person, in place of their oldest when they have ten.

    Args:
        pages: The pages that there are.
        staff: Who works where.
        user_id: Whose own orders the page is told of.
        email: The person's verified address.
        restaurant_name: The restaurant whose orders the page is told of too, None for no restaurant.
        now: Seconds since the epoch.

    Raises:
        NotStaffError: the person is not on the staff of that restaurant.
    """
    restaurants = []
    if restaurant_name is not None:
        if email is None or not staff.is_staff(restaurant_name, email):
            raise NotStaffError
        restaurants.append(audiences.restaurant(restaurant_name))
    person = audiences.customer(user_id)
    taken = {page: expires_at for page, expires_at in pages.expiries(person).items() if expires_at > now}
    free = {f"{person}.{number}" for number in range(PAGES_PER_PERSON)} - taken.keys()
    # By chance, so that two pages that ask at the same moment hardly ever get the same.
    page = secrets.choice(sorted(free)) if free else min(taken, key=lambda page: taken[page])
    secret = secrets.token_urlsafe(24)
    pages.expect(
        page,
        secret_hash=hash_of(secret),
        audiences=restaurants,
        usable_until=now + TICKET_SECONDS,
        expires_at=now + PAGE_SECONDS,
    )
    return f"{page}.{secret}"


def hash_of(secret: str) -> str:
    """Return what is stored of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
