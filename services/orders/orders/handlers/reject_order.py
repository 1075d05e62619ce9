"""POST /orders/{orderId}/reject."""

from datetime import UTC, datetime

from orders import wiring
from orders.domain.answer_order import answer_order
from orders.domain.errors import NotStaffError, OrderAlreadyAnsweredError, OrderNotFoundError
from orders.domain.models import OrderState
from orders.handlers.order import OrderId, OrderView, name_in_logs, view
from service_kit.http import Caller, Conflict, Forbidden, NotFound, http_handler


@http_handler(
    errors={OrderNotFoundError: NotFound, NotStaffError: Forbidden, OrderAlreadyAnsweredError: Conflict},
    uses=(wiring.orders, wiring.staff),
)
def handle(order_id: OrderId, caller: Caller) -> OrderView:
    """Let a restaurant reject an order."""
    name_in_logs(order_id)
    order = answer_order(
        wiring.orders(),
        wiring.staff(),
        order_id=order_id,
        email=caller.verified_email,
        answer=OrderState.REJECTED,
        now=datetime.now(UTC),
    )
    return view(order)
