"""POST /orders/{orderId}/reject."""

from datetime import UTC, datetime

from orders import wiring
from orders.domain.answer_order import answer_order
from orders.domain.errors import OrderAlreadyAnsweredError, OrderNotFoundError
from orders.domain.models import OrderState
from orders.handlers.order import OrderId, OrderView, view
from service_kit.http import Conflict, NotFound, http_handler


@http_handler(
    group="restaurant-admins",
    errors={OrderNotFoundError: NotFound, OrderAlreadyAnsweredError: Conflict},
    uses=(wiring.orders,),
)
def handle(order_id: OrderId) -> OrderView:
    """Let a restaurant reject an order."""
    now = datetime.now(UTC)
    return view(answer_order(wiring.orders(), order_id=order_id, answer=OrderState.REJECTED, now=now))
