"""People who are staff of a restaurant for a while."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from drivers.exchange import Driver
from steps.given import User
from steps.shop import when


@contextmanager
def staff_of(driver: Driver, admin: User, restaurant_name: str, user: User) -> Iterator[User]:
    """Let a user be staff of a restaurant, and yield them; they are removed afterwards."""
    email = user.person.email
    added = when.a_user_makes_staff(driver, admin.id_token, restaurant_name, email)
    assert added.status == HTTPStatus.NO_CONTENT, (added.status, added.text)
    try:
        yield user
    finally:
        when.a_user_removes_staff(driver, admin.id_token, restaurant_name, email)
