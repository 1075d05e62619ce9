"""Noting how to end the waiting for an answer."""

import pytest

from orders.domain.errors import OrderNotFoundError
from orders.handlers.remember_answer_token import handle
from service_kit.testing import lambda_context

from .orders_fakes import FakeOrders, order


def test_the_step_notes_the_token_on_the_order(orders: FakeOrders) -> None:
    orders.add(order("1"))
    handle({"orderId": "1", "taskToken": "token"}, lambda_context())
    assert orders.by_id["1"].answer_token == "token"


@pytest.mark.usefixtures("orders")
def test_there_is_nothing_to_wait_for_without_an_order() -> None:
    with pytest.raises(OrderNotFoundError):
        handle({"orderId": "1", "taskToken": "token"}, lambda_context())
