"""List the caller's orders."""

from orders.domain.models import OrderPage, Orders


def list_orders(orders: Orders, *, customer_id: str, cursor: str | None, limit: int) -> OrderPage:
    """Give at most `limit` of the customer's orders, newest first.

    Raises:
        InvalidCursorError: the cursor is not one that a page gave.
    """
    return orders.of_customer(customer_id, cursor=cursor, limit=limit)
