"""GET /restaurants/{name}/orders."""

from typing import Annotated

from pydantic import Field

from orders import wiring
from orders.domain.errors import InvalidCursorError, NotStaffError
from orders.domain.list_restaurant_orders import list_restaurant_orders
from orders.domain.models import AnswerQueue
from orders.handlers.order import ListQuery, OrderList, RestaurantName, list_view
from orders.settings import ListSettings
from service_kit.http import BadRequest, Caller, Forbidden, FromPath, http_handler
from service_kit.settings import load_settings


class RestaurantListQuery(ListQuery):
    """Which of the restaurant's lists, and where to go on in it."""

    state: AnswerQueue = Field(default=AnswerQueue.WAITING)


@http_handler(
    errors={NotStaffError: Forbidden, InvalidCursorError: BadRequest}, uses=(wiring.orders, wiring.staff)
)
def handle(
    name: Annotated[RestaurantName, FromPath()], query: RestaurantListQuery, caller: Caller
) -> OrderList:
    """Return a page of a restaurant's orders: those that wait oldest first, others newest first."""
    page = list_restaurant_orders(
        wiring.orders(),
        wiring.staff(),
        restaurant_name=name,
        email=caller.verified_email,
        queue=query.state,
        cursor=query.cursor,
        limit=load_settings(ListSettings).page_size,
    )
    return list_view(page)
