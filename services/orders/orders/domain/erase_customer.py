"""Erase a person from all orders."""

from datetime import datetime
from typing import Protocol

from orders.domain.models import Orders

PAGE_SIZE = 25


class Counts(Protocol):
    """What is counted of customers."""

    def forget(self, customer_id: str) -> None:
        """Delete all counts of a customer."""


def erase_customer(orders: Orders, counts: Counts, *, user_id: str, now: datetime) -> int:
    """Take the person off all their orders and return off how many; orders that wait are cancelled.

    An order that the person was taken off stays so. When this is stopped halfway, the next time it goes on
    with the rest.
    """
    erased = 0
    # Lists lag behind: the last look finds no order that is still the person's.
    while taken := _erase_all(orders, user_id, now):
        erased += taken
    counts.forget(user_id)
    return erased


def _erase_all(orders: Orders, user_id: str, now: datetime) -> int:
    taken, cursor = 0, None
    while True:
        page = orders.of_customer(user_id, cursor=cursor, limit=PAGE_SIZE)
        taken += sum(orders.erase_customer(order, user_id, at=now) for order in page.orders)
        cursor = page.next_cursor
        if cursor is None:
            return taken
