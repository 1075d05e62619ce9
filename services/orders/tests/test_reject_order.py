"""A restaurant rejects an order."""

import pytest

from orders.domain.errors import OrderAlreadyAnsweredError, OrderNotFoundError
from orders.domain.models import OrderState
from orders.domain.reject_order import reject_order
from orders.handlers.reject_order import handle

from .orders_fakes import FakeOrders, FakeWaiting, order
from .orders_requests import Reply, call, request

ADMINS = "restaurant-admins"


@pytest.mark.parametrize("state", [OrderState.PLACED, OrderState.NOTIFIED])
def test_an_order_that_waits_is_rejected(state: OrderState) -> None:
    orders = FakeOrders(order("1", state=state))
    assert reject_order(orders, FakeWaiting(), order_id="1").state is OrderState.REJECTED


def test_the_waiting_ends_with_the_answer() -> None:
    orders, waiting = FakeOrders(order("1")), FakeWaiting()
    orders.remember_answer_token("1", "token")
    reject_order(orders, waiting, order_id="1")
    assert waiting.ended == ["token"]


def test_an_order_that_nobody_waits_for_yet_is_rejected_too() -> None:
    waiting = FakeWaiting()
    reject_order(FakeOrders(order("1")), waiting, order_id="1")
    assert waiting.ended == []


def test_the_same_answer_again_changes_nothing() -> None:
    orders = FakeOrders(order("1", state=OrderState.REJECTED))
    assert reject_order(orders, FakeWaiting(), order_id="1").state is OrderState.REJECTED


@pytest.mark.parametrize("state", [OrderState.ACCEPTED, OrderState.EXPIRED])
def test_an_answer_stands_once_it_is_given(state: OrderState) -> None:
    orders = FakeOrders(order("1", state=state))
    with pytest.raises(OrderAlreadyAnsweredError, match=state):
        reject_order(orders, FakeWaiting(), order_id="1")
    assert orders.by_id["1"].state is state


def test_there_is_no_answer_to_an_order_that_does_not_exist() -> None:
    with pytest.raises(OrderNotFoundError):
        reject_order(FakeOrders(), FakeWaiting(), order_id="1")


def ask(order_id: str = "1", group: str | None = ADMINS) -> Reply:
    return call(handle, request(path={"orderId": order_id}, group=group))


@pytest.mark.usefixtures("waiting")
def test_an_admin_gets_the_order_as_it_is_then(orders: FakeOrders) -> None:
    orders.add(order("1", customer_id="somebody else"))
    reply = ask()
    assert (reply.status, reply.document) == (
        200,
        {
            "orderId": "1",
            "restaurantName": "Fangtasia",
            "state": "rejected",
            "placedAt": "2026-01-31T12:00:00Z",
        },
    )


@pytest.mark.usefixtures("waiting")
def test_a_customer_may_not_answer(orders: FakeOrders) -> None:
    orders.add(order("1"))
    assert ask(group="customers").status == 403
    assert orders.by_id["1"].state is OrderState.PLACED


@pytest.mark.usefixtures("waiting")
def test_an_order_that_was_answered_otherwise_is_a_conflict(orders: FakeOrders) -> None:
    orders.add(order("1", state=OrderState.ACCEPTED))
    reply = ask()
    assert (reply.status, reply.document["detail"]) == (409, "This order is accepted already.")


@pytest.mark.usefixtures("waiting", "orders")
def test_an_order_that_does_not_exist_is_not_found() -> None:
    assert ask("2").status == 404
