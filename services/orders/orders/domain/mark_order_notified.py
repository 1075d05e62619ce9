"""Note that an order's restaurant knows of it."""

from orders.domain.models import Orders


def mark_order_notified(orders: Orders, *, order_id: str) -> bool:
    """Move the order from placed to notified; False for a repeat or a late event, which change nothing.

    Raises:
        OrderNotFoundError: there is no such order.
    """
    return orders.mark_notified(order_id)
