"""Tell a customer what became of an order."""

from typing import Protocol

from notifications.domain.models import OrderAnswered

WORDS = {
    "order_accepted": "{restaurant} has accepted your order.",
    "order_rejected": "{restaurant} cannot take your order.",
    "order_expired": "{restaurant} did not answer, so your order is cancelled.",
}


class CustomerChannel(Protocol):
    """How customers hear of their orders."""

    def tell(self, customer_id: str, notice: dict[str, str]) -> None:
        """Send the notice, or raise."""


def notify_customer(channel: CustomerChannel, *, what_happened: str, order: OrderAnswered) -> bool:
    """Tell the order's customer; False when the event does not say who that is.

    Raises:
        KeyError: nobody has written what to say when this happens.
    """
    text = WORDS[what_happened].format(restaurant=order.restaurant_name)
    if order.customer_id is None:
        return False
    channel.tell(order.customer_id, {"orderId": order.order_id, "what": what_happened, "text": text})
    return True
