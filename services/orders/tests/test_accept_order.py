"""A restaurant accepts an order."""

from orders.domain.models import OrderState
from orders.handlers.accept_order import handle

from .orders_answers import AnswerTests


class TestAccept(AnswerTests):
    handler = handle
    state = OrderState.ACCEPTED
    other = OrderState.REJECTED
