"""Look up one of the caller's orders."""

from orders.domain.errors import OrderNotFoundError
from orders.domain.models import Order, Orders


def get_order(orders: Orders, *, customer_id: str, order_id: str) -> Order:
    """Return the order, if it is the customer's own.

    Raises:
        OrderNotFoundError: there is none, or it is another customer's: a stranger learns nothing from the
            difference.
    """
    order = orders.find(order_id)
    if order is None or order.customer_id != customer_id:
        raise OrderNotFoundError
    return order
