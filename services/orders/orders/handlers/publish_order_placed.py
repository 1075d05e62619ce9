"""The table's stream."""

from orders import wiring
from orders.domain.models import Order
from orders.domain.publish_order_placed import publish_order_placed
from service_kit.stream import stream_handler


@stream_handler(Order, event_names={"INSERT"})
def handle(orders: list[Order]) -> None:
    """Publish the new orders; raising makes Lambda bring the batch again."""
    publish_order_placed(wiring.event_bus(), orders)
