"""The queue of orders that wait for an answer: this service's own order_placed events, delayed."""

from datetime import UTC, datetime, timedelta

from aws_lambda_powertools import Logger
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from orders import wiring
from orders.domain.errors import OrderNotFoundError
from orders.domain.expire_order import expire_order
from service_kit.events import BusEvent, queue_handler

logger = Logger()

# For events of orders that were placed before they had a time to answer by.
PATIENCE = timedelta(minutes=15)


class OrderPlaced(BaseModel):
    """What this function reads of the event; all of it is in the message that it sends again."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="allow")

    order_id: str
    restaurant_name: str
    answer_by: datetime | None = None


@queue_handler(hopeless=(OrderNotFoundError,), uses=(wiring.orders, wiring.waiting_orders))
def handle(event: BusEvent[OrderPlaced]) -> None:
    """Expire the order, unless it was answered; before its time, let its message come again."""
    order, now = event.detail, datetime.now(UTC)
    rest = (order.answer_by or event.time + PATIENCE) - now
    if rest > timedelta(0):
        wiring.waiting_orders().send_again(event.model_dump_json(by_alias=True), after=rest)
        logger.info(
            "order waits for its answer", order_id=order.order_id, seconds=round(rest.total_seconds())
        )
        return
    expired = expire_order(
        wiring.orders(), order_id=order.order_id, restaurant_name=order.restaurant_name, now=now
    )
    logger.info("waiting is over", order_id=order.order_id, expired=expired)
