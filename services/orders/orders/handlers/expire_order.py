"""A step of the state machine: the restaurant has not answered in time."""

from aws_lambda_powertools import Logger
from pydantic import BaseModel, Field

from orders import wiring
from orders.domain.expire_order import expire_order
from service_kit.events import event_handler

logger = Logger()


class Step(BaseModel):
    """The step's input."""

    order_id: str = Field(alias="orderId")


@event_handler(uses=(wiring.orders,))
def handle(step: Step) -> dict[str, bool]:
    """Cancel the order, unless it was answered after all."""
    expired = expire_order(wiring.orders(), order_id=step.order_id)
    logger.info("waiting is over", order_id=step.order_id, expired=expired)
    return {"expired": expired}
