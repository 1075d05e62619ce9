"""Tell the pages of an order's customer and of its restaurant that it has changed."""

from collections.abc import Iterable
from typing import Protocol

from notifications.domain.audiences import customer, restaurant
from notifications.domain.models import OrderChange


class ConnectedPages(Protocol):
    """The pages that are connected."""

    def connections(self, audience: str, now: int) -> Iterable[str]:
        """Return the connections of an audience's pages."""


class Sockets(Protocol):
    """The way to connected pages."""

    def tell(self, connection_id: str) -> None:
        """Tell a page that something has changed; one that is gone is left out."""


def push_order_change(pages: ConnectedPages, sockets: Sockets, change: OrderChange, now: int) -> int:
    """Tell each page once, and return how many there were.

    A page is told that it should look, and nothing of the order: what its person may see, they fetch.
    """
    audiences = [restaurant(change.restaurant_name)]
    if change.customer_id is not None:
        audiences.insert(0, customer(change.customer_id))
    # In this order, without repeats: a person may be customer and staff.
    connections = dict.fromkeys(one for audience in audiences for one in pages.connections(audience, now))
    for connection_id in connections:
        sockets.tell(connection_id)
    return len(connections)
