"""The queue of order_placed events."""

from aws_lambda_powertools import Logger

from notifications import wiring
from notifications.domain.models import OrderPlaced
from notifications.domain.notify_restaurant import notify_restaurant
from service_kit.events import BusEvent, queue_handler

logger = Logger()


@queue_handler(uses=(wiring.channel, wiring.event_bus, wiring.deliveries))
def handle(event: BusEvent[OrderPlaced]) -> None:
    """Notify the order's restaurant, once."""
    order = event.detail

    def deliver() -> None:
        notify_restaurant(wiring.channel(), wiring.event_bus(), order)
        logger.info("restaurant notified", order_id=order.order_id)

    wiring.deliveries().once(order.order_id, deliver)
