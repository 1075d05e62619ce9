"""Note how to end the waiting for an order's answer."""

from orders.domain.models import Orders


def remember_answer_token(orders: Orders, *, order_id: str, token: str) -> None:
    """Note on the order how to end the waiting.

    Raises:
        OrderNotFoundError: there is no such order.
    """
    orders.remember_answer_token(order_id, token)
