"""Cancel an order that nobody answered in time."""

from orders.domain.errors import OrderAlreadyAnsweredError
from orders.domain.models import Orders, OrderState


def expire_order(orders: Orders, *, order_id: str) -> bool:
    """Move the order to expired; False when it was answered after all, which then stands.

    Raises:
        OrderNotFoundError: there is no such order.
    """
    try:
        orders.answer(order_id, OrderState.EXPIRED)
    except OrderAlreadyAnsweredError:
        return False
    return True
