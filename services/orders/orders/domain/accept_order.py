"""The restaurant takes an order."""

from orders.domain.answer_order import Waiting, answer_order
from orders.domain.models import Order, Orders, OrderState


def accept_order(orders: Orders, waiting: Waiting, *, order_id: str) -> Order:
    """Accept the order.

    Raises:
        OrderNotFoundError: there is no such order.
        OrderAlreadyAnsweredError: it was rejected before, or has expired.
    """
    return answer_order(orders, waiting, order_id=order_id, answer=OrderState.ACCEPTED)
