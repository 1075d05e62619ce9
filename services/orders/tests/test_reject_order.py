"""A restaurant rejects an order."""

from orders.domain.models import OrderState
from orders.handlers.reject_order import handle

from .orders_answers import AnswerTests


class TestReject(AnswerTests):
    handler = handle
    state = OrderState.REJECTED
    other = OrderState.ACCEPTED
