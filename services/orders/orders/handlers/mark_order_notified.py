"""The queue of restaurant_notified events."""

from aws_lambda_powertools import Logger
from pydantic import BaseModel, Field

from orders import wiring
from orders.domain.errors import OrderNotFoundError
from service_kit.events import BusEvent, queue_handler

logger = Logger()


class RestaurantNotified(BaseModel):
    """What this service reads of the event."""

    order_id: str = Field(alias="orderId")


@queue_handler(hopeless=(OrderNotFoundError,), uses=(wiring.orders,))
def handle(event: BusEvent[RestaurantNotified]) -> None:
    """Note it on the order; a repeat or a late event changes nothing."""
    moved = wiring.orders().mark_notified(event.detail.order_id, at=event.time)
    logger.info("order notified", order_id=event.detail.order_id, moved=moved)
