"""Tell a restaurant of an order, or that its customer cancelled it."""

from typing import Protocol

from notifications.domain.events import RestaurantNotified
from notifications.domain.models import OrderForRestaurant

PLACED = "order_placed"


class Channel(Protocol):
    """How restaurants hear of orders."""

    def tell(self, what_happened: str, order: OrderForRestaurant) -> None:
        """Send the order, or raise."""


class Bus(Protocol):
    """Where events go."""

    def publish_restaurant_notified(self, event: RestaurantNotified) -> None:
        """Publish the event, or raise when it was not accepted."""


def notify_restaurant(channel: Channel, bus: Bus, *, what_happened: str, order: OrderForRestaurant) -> None:
    """Tell the order's restaurant; then, of a new order, the bus.

    In this order, since an order must not show as notified when nobody was told. When the second step fails,
    both are done again: being told twice is better than not at all, and each message names its order.
    """
    channel.tell(what_happened, order)
    if what_happened == PLACED:
        bus.publish_restaurant_notified(
            RestaurantNotified(order_id=order.order_id, restaurant_name=order.restaurant_name)
        )
