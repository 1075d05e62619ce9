"""A step of the state machine: hands out the token that ends the waiting."""

from pydantic import BaseModel, Field

from orders import wiring
from service_kit.events import event_handler


class Step(BaseModel):
    """The step's input."""

    order_id: str = Field(alias="orderId")
    task_token: str = Field(alias="taskToken")


@event_handler(uses=(wiring.orders,))
def handle(step: Step) -> None:
    """Store the token with the order."""
    wiring.orders().remember_answer_token(step.order_id, step.task_token)
