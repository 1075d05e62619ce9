"""An order as callers name it and see it."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic.alias_generators import to_camel

from orders.domain.models import OrderState, OrderSummary, StateChange
from service_kit.http import FromPath

OrderId = Annotated[str, StringConstraints(min_length=1, max_length=100), FromPath()]


class OrderView(BaseModel):
    """An order, without what its customer knows or need not know."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    order_id: str
    restaurant_name: str
    state: OrderState
    placed_at: datetime
    answer_by: datetime | None
    history: list[StateChange]


def view(order: OrderSummary) -> OrderView:
    """Show one order."""
    return OrderView.model_validate(order, from_attributes=True)
