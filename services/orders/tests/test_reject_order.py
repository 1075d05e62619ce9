"""A restaurant rejects an order."""

from orders.domain.models import OrderState
from orders.domain.reject_order import reject_order
from orders.handlers.reject_order import handle

from .orders_answers import AnswerTests


class TestReject(AnswerTests):
    answer = reject_order
    handler = handle
    state = OrderState.REJECTED
    other = OrderState.ACCEPTED
