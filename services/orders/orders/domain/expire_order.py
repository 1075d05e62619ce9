"""Expire an order that was not answered in time."""

from datetime import datetime

from orders.domain.errors import OrderAlreadyAnsweredError
from orders.domain.models import Orders, OrderState


def expire_order(orders: Orders, *, order_id: str, restaurant_name: str, now: datetime) -> bool:
    """Move the order to expired; False when it was answered before, which then stands.

    Raises:
        OrderNotFoundError: the restaurant has no such order.
    """
    try:
        orders.answer(order_id, OrderState.EXPIRED, restaurant_name=restaurant_name, at=now)
    except OrderAlreadyAnsweredError:
        return False
    return True
