"""The queue of user_erasure_requested events."""

from datetime import UTC, datetime

from aws_lambda_powertools import Logger
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from orders import wiring
from orders.domain.erase_customer import erase_customer
from service_kit.events import BusEvent, queue_handler

logger = Logger()


class UserErasureRequested(BaseModel):
    """What this service reads of the event."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    erasure_id: str
    user_id: str


@queue_handler(uses=(wiring.orders, wiring.counts, wiring.event_bus))
def handle(event: BusEvent[UserErasureRequested]) -> None:
    """Erase the person, then say so; a repeat erases what is left and says so again."""
    erasure_id = event.detail.erasure_id
    erased = erase_customer(
        wiring.orders(), wiring.counts(), user_id=event.detail.user_id, now=datetime.now(UTC)
    )
    wiring.event_bus().publish_user_erased(erasure_id)
    logger.info("user erased", erasure_id=erasure_id, orders=erased)
