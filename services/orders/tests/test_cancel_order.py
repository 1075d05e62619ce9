"""A customer cancels an order."""

import pytest

from orders.domain.cancel_order import cancel_order
from orders.domain.errors import OrderAlreadyAnsweredError, OrderNotFoundError
from orders.domain.models import WAITING, OrderState
from orders.handlers.cancel_order import handle
from service_kit.testing import Reply, call, rest_event

from .orders_fakes import NOON, FakeOrders, order, summary

ANSWERED = [state for state in OrderState if state not in (*WAITING, OrderState.CANCELLED)]


def cancel(customer_id: str | None = "ada", order_id: str = "1") -> Reply:
    return call(handle, rest_event(caller=customer_id, path_parameters={"orderId": order_id}))


@pytest.mark.parametrize("before", WAITING)
def test_an_order_that_waits_is_cancelled(before: OrderState) -> None:
    orders = FakeOrders(order("1", state=before))
    cancelled = cancel_order(orders, customer_id="ada", order_id="1", now=NOON)
    assert (cancelled.state, cancelled.answered_at) == (OrderState.CANCELLED, NOON)
    assert summary(orders.by_id["1"]) == cancelled


@pytest.mark.parametrize("before", ANSWERED)
def test_an_order_that_was_answered_is_not_cancelled(before: OrderState) -> None:
    orders = FakeOrders(order("1", state=before))
    with pytest.raises(OrderAlreadyAnsweredError, match=before):
        cancel_order(orders, customer_id="ada", order_id="1", now=NOON)
    assert orders.by_id["1"].state is before


def test_another_customers_order_is_not_found_and_stays() -> None:
    orders = FakeOrders(order("1", customer_id="bob"))
    with pytest.raises(OrderNotFoundError):
        cancel_order(orders, customer_id="ada", order_id="1", now=NOON)
    assert orders.by_id["1"].state is OrderState.PLACED


def test_the_customer_gets_the_cancelled_order(orders: FakeOrders) -> None:
    orders.add(order("1"))
    reply = cancel()
    assert (reply.status, reply.document["state"]) == (200, "cancelled")
    assert [change["state"] for change in reply.document["history"]] == ["placed", "cancelled"]


def test_to_cancel_again_answers_the_same(orders: FakeOrders) -> None:
    orders.add(order("1"))
    assert cancel() == cancel()


def test_an_order_that_was_answered_is_a_conflict(orders: FakeOrders) -> None:
    orders.add(order("1", state=OrderState.ACCEPTED))
    reply = cancel()
    assert (reply.status, reply.document["detail"]) == (409, "This order is accepted already.")


def test_a_strangers_order_looks_as_one_that_does_not_exist(orders: FakeOrders) -> None:
    orders.add(order("1", customer_id="bob"))
    assert cancel().status == 404
    assert cancel().document == cancel(order_id="2").document


def test_nobody_cancels_without_signing_in(orders: FakeOrders) -> None:
    orders.add(order("1"))
    assert cancel(customer_id=None).status == 401
    assert orders.by_id["1"].state is OrderState.PLACED
