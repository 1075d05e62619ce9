"""An order as callers name it and see it."""

import re
from datetime import datetime
from typing import Annotated

from aws_lambda_powertools import Logger
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from orders.domain.models import OrderPage, OrderState, OrderSummary, StateChange
from service_kit.http import FromPath
from service_kit.names import PATH_SEGMENT, VISIBLE_TEXT

logger = Logger()

# As the catalogue has it: no restaurant can have another name.
RestaurantName = Annotated[str, StringConstraints(min_length=1, max_length=100), VISIBLE_TEXT, PATH_SEGMENT]
_ORDER_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
OrderId = Annotated[str, StringConstraints(min_length=1, max_length=100), FromPath()]


def name_in_logs(order_id: str) -> None:
    """Add the order to all further log lines of the invocation, by which `stagectl trace` finds them.

    What does not look like an order's id is left out: a caller may have sent anything in its place.
    """
    if _ORDER_ID.fullmatch(order_id):
        logger.append_keys(order_id=order_id)


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
