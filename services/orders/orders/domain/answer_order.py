"""A restaurant's answer to an order, or that there was none."""

from typing import Protocol

from orders.domain.models import Order, Orders, OrderState


class Waiting(Protocol):
    """What waits for an order's answer, and cancels the order when none comes."""

    def end(self, token: str) -> None:
        """End the waiting; when that is not possible any more, nothing is lost by it."""


def answer_order(orders: Orders, waiting: Waiting, *, order_id: str, answer: OrderState) -> Order:
    """Move a waiting order to `answer`; the same answer again changes nothing.

    The order's state decides, in one conditional write; whoever waits is told afterwards. If that does not
    succeed, the waiting ends by itself later and finds that the order was answered.

    Raises:
        OrderNotFoundError: there is no such order.
        OrderAlreadyAnsweredError: it was answered in another way before, or has expired.
    """
    order = orders.answer(order_id, answer)
    if order.answer_token is not None:
        waiting.end(order.answer_token)
    return order
