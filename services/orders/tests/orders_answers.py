"""What is true of every answer that a restaurant can give."""

from typing import ClassVar

import pytest

from orders.domain.answer_order import answer_order
from orders.domain.errors import OrderAlreadyAnsweredError, OrderNotFoundError
from orders.domain.models import Order, OrderState
from service_kit.http import HttpHandler
from service_kit.testing import Reply, call, rest_event

from .orders_fakes import NOON, FakeOrders, order

ADMINS = "restaurant-admins"


class AnswerTests:
    """The tests of one answer; a subclass says which."""

    handler: ClassVar[HttpHandler]
    state: ClassVar[OrderState]
    other: ClassVar[OrderState]

    @pytest.mark.parametrize("before", [OrderState.PLACED, OrderState.NOTIFIED])
    def test_an_order_that_waits_is_answered(self, before: OrderState) -> None:
        orders = FakeOrders(order("1", state=before))
        assert self._answer(orders).state is self.state

    def test_the_same_answer_again_changes_nothing(self) -> None:
        orders = FakeOrders(order("1", state=self.state))
        assert self._answer(orders) == order("1", state=self.state)

    @pytest.mark.parametrize("before", [OrderState.EXPIRED, OrderState.CANCELLED, None])
    def test_an_answer_stands_once_it_is_given(self, before: OrderState | None) -> None:
        before = before or self.other
        orders = FakeOrders(order("1", state=before))
        with pytest.raises(OrderAlreadyAnsweredError, match=before):
            self._answer(orders)
        assert orders.by_id["1"].state is before

    def test_there_is_no_answer_to_an_order_that_does_not_exist(self) -> None:
        with pytest.raises(OrderNotFoundError):
            self._answer(FakeOrders())

    def test_an_admin_gets_the_order_as_it_is_then(self, orders: FakeOrders) -> None:
        orders.add(order("1", customer_id="somebody else"))
        reply = self._ask()
        assert reply.status == 200
        assert (reply.document["orderId"], reply.document["state"]) == ("1", self.state)
        assert [change["state"] for change in reply.document["history"]] == ["placed", self.state]
        assert "customerId" not in reply.document

    def test_a_customer_may_not_answer(self, orders: FakeOrders) -> None:
        orders.add(order("1"))
        assert self._ask(group="customers").status == 403
        assert orders.by_id["1"].state is OrderState.PLACED

    def test_an_order_that_was_answered_otherwise_is_a_conflict(self, orders: FakeOrders) -> None:
        orders.add(order("1", state=self.other))
        reply = self._ask()
        assert (reply.status, reply.document["detail"]) == (409, f"This order is {self.other} already.")

    @pytest.mark.usefixtures("orders")
    def test_an_order_that_does_not_exist_is_not_found(self) -> None:
        reply = self._ask("2")
        assert (reply.status, reply.document["detail"]) == (404, "There is no such order.")

    def _answer(self, orders: FakeOrders) -> Order:
        return answer_order(orders, order_id="1", answer=self.state, now=NOON)

    def _ask(self, order_id: str = "1", group: str | None = ADMINS) -> Reply:
        return call(
            type(self).handler, rest_event(caller="ada", path_parameters={"orderId": order_id}, groups=group)
        )
