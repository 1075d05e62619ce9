"""A restaurant's answer to an order."""

from datetime import datetime

from orders.domain.errors import OrderNotFoundError
from orders.domain.models import Order, Orders, OrderState


def answer_order(orders: Orders, *, order_id: str, answer: OrderState, now: datetime) -> Order:
    """Move a waiting order to `answer`; the same answer again changes nothing.

    Raises:
        OrderNotFoundError: there is no such order.
        OrderAlreadyAnsweredError: it was answered in another way before, was cancelled, or has expired.
    """
    order = orders.find(order_id)
    if order is None:
        raise OrderNotFoundError
    return orders.answer(order_id, answer, restaurant_name=order.restaurant_name, at=now)
