"""A restaurant's answer to an order."""

from datetime import datetime

from orders.domain.errors import OrderNotFoundError
from orders.domain.models import Orders, OrderState, OrderSummary, Staff
from orders.domain.require_staff import require_staff


def answer_order(
    orders: Orders, staff: Staff, *, order_id: str, email: str | None, answer: OrderState, now: datetime
) -> OrderSummary:
    """Move a waiting order to `answer`; the same answer again changes nothing.

    Args:
        orders: Where orders are kept.
        staff: Who works where.
        order_id: Which order.
        email: The verified address of who answers; None when there is none.
        answer: What the order becomes.
        now: When it is.

    Raises:
        OrderNotFoundError: there is no such order.
        NotStaffError: who answers is not staff of the order's restaurant.
        OrderAlreadyAnsweredError: it was answered in another way before, was cancelled, or has expired.
    """
    order = orders.find_summary(order_id)
    if order is None:
        raise OrderNotFoundError
    require_staff(staff, restaurant_name=order.restaurant_name, email=email)
    return orders.answer(order_id, answer, restaurant_name=order.restaurant_name, at=now)
