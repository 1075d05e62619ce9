"""GET /orders."""

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from orders import wiring
from orders.domain.errors import InvalidCursorError
from orders.handlers.order import OrderView, view
from orders.settings import ListSettings
from service_kit.http import BadRequest, Caller, http_handler
from service_kit.settings import load_settings


class ListQuery(BaseModel):
    """Where to go on: the `nextCursor` of the page before."""

    cursor: str | None = Field(default=None, max_length=500)


class OrderList(BaseModel):
    """A page of orders."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    orders: list[OrderView]
    next_cursor: str | None


@http_handler(errors={InvalidCursorError: BadRequest}, uses=(wiring.orders,))
def handle(query: ListQuery, caller: Caller) -> OrderList:
    """Return a page of the caller's orders, newest first."""
    page = wiring.orders().of_customer(
        caller.user_id, cursor=query.cursor, limit=load_settings(ListSettings).page_size
    )
    return OrderList(orders=[view(order) for order in page.orders], next_cursor=page.next_cursor)
