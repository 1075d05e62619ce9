"""GET /orders/{orderId}."""

from orders import wiring
from orders.domain.errors import OrderNotFoundError
from orders.domain.get_order import get_order
from orders.handlers.order import OrderId, OrderView, view
from service_kit.http import Caller, NotFound, http_handler


@http_handler(errors={OrderNotFoundError: NotFound}, uses=(wiring.orders,))
def handle(order_id: OrderId, caller: Caller) -> OrderView:
    """Return one of the caller's orders."""
    return view(get_order(wiring.orders(), customer_id=caller.user_id, order_id=order_id))
