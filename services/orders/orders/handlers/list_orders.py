"""GET /orders."""

from orders import wiring
from orders.domain.errors import InvalidCursorError
from orders.handlers.order import ListQuery, OrderList, list_view
from orders.settings import ListSettings
from service_kit.http import BadRequest, Caller, http_handler
from service_kit.settings import load_settings


@http_handler(errors={InvalidCursorError: BadRequest}, uses=(wiring.orders,))
def handle(query: ListQuery, caller: Caller) -> OrderList:
    """Return a page of the caller's orders, newest first."""
    page = wiring.orders().of_customer(
        caller.user_id, cursor=query.cursor, limit=load_settings(ListSettings).page_size
    )
    return list_view(page)
