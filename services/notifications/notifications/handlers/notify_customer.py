"""The queue of events that say what became of an order."""

from aws_lambda_powertools import Logger

from notifications import wiring
from notifications.domain.models import OrderAnswered
from notifications.domain.notify_customer import notify_customer
from service_kit.events import BusEvent, queue_handler

logger = Logger()


@queue_handler(uses=(wiring.customer_channel, wiring.customer_deliveries))
def handle(event: BusEvent[OrderAnswered]) -> None:
    """Notify the order's customer, once for each change of the order."""

    def deliver() -> None:
        told = notify_customer(wiring.customer_channel(), what_happened=event.detail_type, order=event.detail)
        logger.info("customer notified", order_id=event.detail.order_id, told=told)

    wiring.customer_deliveries().once(f"{event.detail_type}/{event.detail.order_id}", deliver)
