"""The queue of order_placed and order_cancelled events."""

from datetime import UTC, datetime

from aws_lambda_powertools import Logger

from notifications import wiring
from notifications.domain.models import OrderForRestaurant
from notifications.domain.notify_restaurant import PLACED, notify_restaurant
from service_kit.events import BusEvent, queue_handler
from service_kit.invocation import metrics

logger = Logger()


@queue_handler(uses=(wiring.channel, wiring.event_bus, wiring.deliveries))
def handle(event: BusEvent[OrderForRestaurant]) -> None:
    """Notify the order's restaurant, once for each thing that happens to the order."""
    what_happened, order = event.detail_type, event.detail

    def deliver() -> None:
        notify_restaurant(wiring.channel(), wiring.event_bus(), what_happened=what_happened, order=order)
        logger.info("restaurant notified", order_id=order.order_id)
        if what_happened == PLACED and order.placed_at is not None:
            waited = datetime.now(UTC) - order.placed_at
            metrics.add_metric(
                name="TimeToNotifyMilliseconds", unit="Milliseconds", value=waited.total_seconds() * 1000
            )

    # New orders are remembered by their id alone, as before there was more to tell.
    name = order.order_id if what_happened == PLACED else f"{what_happened}/{order.order_id}"
    wiring.deliveries().once(name, deliver)
