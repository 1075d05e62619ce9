"""GET /orders/{orderId}."""

from orders import wiring
from orders.domain.errors import OrderNotFoundError
from orders.domain.get_order import get_order
from orders.handlers.paths import OrderPath
from orders.handlers.views import OrderView, view
from service_kit.http import HttpRequest, http_handler
from service_kit.problems import NotFound
from service_kit.snapshots import before_snapshot


@http_handler(path=OrderPath, response=OrderView, errors={OrderNotFoundError: NotFound})
def handle(request: HttpRequest[None, None, OrderPath]) -> OrderView:
    """Answer one of the caller's orders."""
    order = get_order(wiring.orders(), customer_id=request.caller.user_id, order_id=request.path.order_id)
    return view(order)


before_snapshot(wiring.orders)
