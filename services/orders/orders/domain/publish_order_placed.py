"""Tell the bus of new orders."""

from collections.abc import Sequence
from typing import Protocol

from orders.domain.events import OrderPlaced
from orders.domain.models import Order


class Bus(Protocol):
    """Where events go."""

    def publish_order_placed(self, events: Sequence[OrderPlaced]) -> None:
        """Publish all the events in their order, or raise when one of them was not accepted."""


def publish_order_placed(bus: Bus, orders: Sequence[Order]) -> None:
    """Publish one order_placed for each order."""
    bus.publish_order_placed(
        [
            OrderPlaced(
                order_id=order.order_id, restaurant_name=order.restaurant_name, placed_at=order.placed_at
            )
            for order in orders
        ]
    )
