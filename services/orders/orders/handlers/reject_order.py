"""POST /orders/{orderId}/reject."""

from orders import wiring
from orders.domain.answer_order import answer_order
from orders.domain.errors import OrderAlreadyAnsweredError, OrderNotFoundError
from orders.domain.models import OrderState
from orders.handlers.paths import OrderPath
from orders.handlers.views import OrderView, view
from service_kit.http import HttpRequest, http_handler
from service_kit.problems import Conflict, NotFound
from service_kit.snapshots import before_snapshot


@http_handler(
    group="restaurant-admins",
    path=OrderPath,
    response=OrderView,
    errors={OrderNotFoundError: NotFound, OrderAlreadyAnsweredError: Conflict},
)
def handle(request: HttpRequest[None, None, OrderPath]) -> OrderView:
    """Let a restaurant reject an order."""
    order = answer_order(
        wiring.orders(), wiring.waiting(), order_id=request.path.order_id, answer=OrderState.REJECTED
    )
    return view(order)


before_snapshot(wiring.orders, wiring.waiting)
