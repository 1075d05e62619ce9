"""The queue of order_placed events, for this service itself."""

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, Field

from orders import wiring
from service_kit.events import BusEvent, queue_handler
from service_kit.parameters import FromParameter


class AnswerConfig(BaseModel):
    """How long an order may wait for its restaurant's answer."""

    patience_seconds: int = Field(default=900, alias="patienceSeconds", ge=1, le=86_400)


class OrderPlaced(BaseModel):
    """What this function reads of the event."""

    order_id: str = Field(alias="orderId")


@queue_handler(uses=(wiring.waits,))
def handle(event: BusEvent[OrderPlaced], config: Annotated[AnswerConfig, FromParameter("config")]) -> None:
    """Start to wait; an order that is waited for already is not waited for twice."""
    patience = timedelta(seconds=config.patience_seconds)
    wiring.waits().start(event.detail.order_id, patience=patience)
