"""Nobody answers an order in time."""

import pytest

from orders.domain.errors import OrderNotFoundError
from orders.domain.expire_order import expire_order
from orders.domain.models import OrderState
from orders.handlers.expire_order import handle
from service_kit.testing import lambda_context

from .orders_fakes import FakeOrders, order


@pytest.mark.parametrize("state", [OrderState.PLACED, OrderState.NOTIFIED])
def test_an_order_that_still_waits_expires(state: OrderState) -> None:
    orders = FakeOrders(order("1", state=state))
    assert expire_order(orders, order_id="1")
    assert orders.by_id["1"].state is OrderState.EXPIRED


@pytest.mark.parametrize("state", [OrderState.ACCEPTED, OrderState.REJECTED])
def test_an_answer_that_came_after_all_stands(state: OrderState) -> None:
    orders = FakeOrders(order("1", state=state))
    assert not expire_order(orders, order_id="1")
    assert orders.by_id["1"].state is state


def test_expiring_twice_is_expiring_once() -> None:
    orders = FakeOrders(order("1", state=OrderState.EXPIRED))
    assert expire_order(orders, order_id="1")


def test_an_order_that_does_not_exist_cannot_expire() -> None:
    with pytest.raises(OrderNotFoundError):
        expire_order(FakeOrders(), order_id="1")


def test_the_step_says_whether_the_order_has_expired(orders: FakeOrders) -> None:
    orders.add(order("1"))
    assert handle({"orderId": "1", "patienceSeconds": 900, "error": {}}, lambda_context()) == {
        "expired": True
    }
