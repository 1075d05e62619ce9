"""POST /orders/{orderId}/accept."""

from orders import wiring
from orders.domain.answer_order import answer_order
from orders.domain.errors import OrderAlreadyAnsweredError, OrderNotFoundError
from orders.domain.models import OrderState
from orders.handlers.order import OrderId, OrderView, view
from service_kit.http import Conflict, NotFound, http_handler


@http_handler(
    group="restaurant-admins",
    errors={OrderNotFoundError: NotFound, OrderAlreadyAnsweredError: Conflict},
    uses=(wiring.orders, wiring.waiting),
)
def handle(order_id: OrderId) -> OrderView:
    """Let a restaurant accept an order."""
    order = answer_order(wiring.orders(), wiring.waiting(), order_id=order_id, answer=OrderState.ACCEPTED)
    return view(order)
