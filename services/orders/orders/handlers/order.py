"""An order as callers name it and see it."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from orders.domain.models import OrderPage, OrderState, OrderSummary, StateChange
from service_kit.http import FromPath
from service_kit.names import PATH_SEGMENT, VISIBLE_TEXT

# As the catalogue has it: no restaurant can have another name.
RestaurantName = Annotated[str, StringConstraints(min_length=1, max_length=100), VISIBLE_TEXT, PATH_SEGMENT]
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


class ListQuery(BaseModel):
    """Where to go on: the `nextCursor` of the page before."""

    cursor: str | None = Field(default=None, max_length=500)


class OrderList(BaseModel):
    """A page of orders."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    orders: list[OrderView]
    next_cursor: str | None


def list_view(page: OrderPage) -> OrderList:
    """Show a page of orders."""
    return OrderList(orders=[view(order) for order in page.orders], next_cursor=page.next_cursor)
