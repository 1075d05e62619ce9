"""POST /orders/{orderId}/cancel."""

from datetime import UTC, datetime

from orders import wiring
from orders.domain.cancel_order import cancel_order
from orders.domain.errors import OrderAlreadyAnsweredError, OrderNotFoundError
from orders.handlers.order import OrderId, OrderView, name_in_logs, view
from service_kit.http import Caller, Conflict, NotFound, http_handler


@http_handler(
    errors={OrderNotFoundError: NotFound, OrderAlreadyAnsweredError: Conflict},
    uses=(wiring.orders,),
)
def handle(order_id: OrderId, caller: Caller) -> OrderView:
    """Cancel one of the caller's orders, unless it was answered."""
    name_in_logs(order_id)
    now = datetime.now(UTC)
    return view(cancel_order(wiring.orders(), customer_id=caller.user_id, order_id=order_id, now=now))
