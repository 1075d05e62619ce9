"""What is true of every answer that a restaurant can give."""

from typing import ClassVar

import pytest

from orders.domain.answer_order import answer_order
from orders.domain.errors import NotStaffError, OrderAlreadyAnsweredError, OrderNotFoundError
from orders.domain.models import OrderState, OrderSummary
from service_kit.aws import UpstreamRefused, UpstreamUnavailable
from service_kit.http import HttpHandler
from service_kit.testing import Reply, call, rest_event

from .orders_fakes import NOON, FakeOrders, FakeStaff, order, summary

ADA = "ada@example.com"
STAFF = FakeStaff(("Fangtasia", ADA))


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
        assert self._answer(orders) == summary(order("1", state=self.state))

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

    @pytest.mark.parametrize("email", [None, "bob@example.com"])
    def test_who_is_not_staff_of_the_orders_restaurant_answers_nothing(self, email: str | None) -> None:
        orders = FakeOrders(order("1"))
        with pytest.raises(NotStaffError):
            self._answer(orders, email)
        assert orders.by_id["1"].state is OrderState.PLACED

    def test_who_is_not_staff_does_not_learn_of_an_answer(self) -> None:
        with pytest.raises(NotStaffError):
            self._answer(FakeOrders(order("1", state=self.other)), "bob@example.com")

    @pytest.mark.usefixtures("staff")
    def test_staff_gets_the_order_as_it_is_then(self, orders: FakeOrders) -> None:
        orders.add(order("1", customer_id="somebody else"))
        reply = self._ask()
        assert reply.status == 200
        assert (reply.document["orderId"], reply.document["state"]) == ("1", self.state)
        assert [change["state"] for change in reply.document["history"]] == ["placed", self.state]
        assert "customerId" not in reply.document

    @pytest.mark.usefixtures("staff")
    @pytest.mark.parametrize("groups", [None, "restaurant-admins"])
    @pytest.mark.parametrize("caller", ["bob", "eve"])
    def test_others_are_refused_whatever_group_they_are_in(
        self, orders: FakeOrders, caller: str, groups: str | None
    ) -> None:
        orders.add(order("1"))
        reply = self._ask(caller=caller, groups=groups)
        assert reply.status == 403
        assert "staff of the restaurant" in reply.document["detail"]
        assert orders.by_id["1"].state is OrderState.PLACED

    def test_an_address_that_is_not_verified_makes_nobody_staff(
        self, orders: FakeOrders, staff: FakeStaff
    ) -> None:
        orders.add(order("1"))
        event = rest_event(caller="ada", path_parameters={"orderId": "1"})
        event["requestContext"]["authorizer"]["claims"]["email_verified"] = "false"
        assert call(type(self).handler, event).status == 403
        assert staff.asked == []

    @pytest.mark.parametrize(
        ("failure", "status"), [(UpstreamUnavailable("down"), 503), (UpstreamRefused("no", 403), 500)]
    )
    def test_nobody_is_staff_while_that_cannot_be_asked(
        self, orders: FakeOrders, staff: FakeStaff, failure: Exception, status: int
    ) -> None:
        orders.add(order("1"))
        staff.failure = failure
        assert self._ask().status == status
        assert orders.by_id["1"].state is OrderState.PLACED

    @pytest.mark.usefixtures("staff")
    def test_an_order_that_was_answered_otherwise_is_a_conflict(self, orders: FakeOrders) -> None:
        orders.add(order("1", state=self.other))
        reply = self._ask()
        assert (reply.status, reply.document["detail"]) == (409, f"This order is {self.other} already.")

    @pytest.mark.usefixtures("orders", "staff")
    def test_an_order_that_does_not_exist_is_not_found(self) -> None:
        reply = self._ask("2")
        assert (reply.status, reply.document["detail"]) == (404, "There is no such order.")

    @pytest.mark.usefixtures("orders", "staff")
    @pytest.mark.parametrize(
        ("order_id", "logged"),
        [("0b8f7a52-3f2c-5d0e-9c39-4d5e1f6a7b8c", True), ("ada@example.com", False), ("hunter2", False)],
    )
    def test_log_lines_name_what_has_the_form_of_an_order_id(
        self, capsys: pytest.CaptureFixture[str], order_id: str, *, logged: bool
    ) -> None:
        assert self._ask(order_id).status == 404
        output = capsys.readouterr().out
        assert (f'"order_id":"{order_id}"' in output) is logged
        assert (order_id in output) is logged

    def _answer(self, orders: FakeOrders, email: str | None = ADA) -> OrderSummary:
        return answer_order(orders, STAFF, order_id="1", email=email, answer=self.state, now=NOON)

    def _ask(self, order_id: str = "1", *, caller: str = "ada", groups: str | None = None) -> Reply:
        event = rest_event(caller=caller, path_parameters={"orderId": order_id}, groups=groups)
        return call(type(self).handler, event)
