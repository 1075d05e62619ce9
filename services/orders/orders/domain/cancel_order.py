"""Cancel an order that its customer does not want any more."""

from datetime import datetime

from orders.domain.get_order import get_order
from orders.domain.models import Orders, OrderState, OrderSummary


def cancel_order(orders: Orders, *, customer_id: str, order_id: str, now: datetime) -> OrderSummary:
    """Move the customer's waiting order to cancelled; to cancel it again changes nothing.

    Raises:
        OrderNotFoundError: there is none, or it is another customer's.
        OrderAlreadyAnsweredError: its restaurant has answered it, or it has expired.
    """
    order = get_order(orders, customer_id=customer_id, order_id=order_id)
    return orders.answer(order_id, OrderState.CANCELLED, restaurant_name=order.restaurant_name, at=now)
