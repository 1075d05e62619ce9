"""What is true of every answer that a restaurant can give."""

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import ClassVar

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)

from orders.domain.answer_order import answer_order
from orders.domain.errors import OrderAlreadyAnsweredError, OrderNotFoundError
from orders.domain.models import OrderState
from service_kit.deadlines import DeadlineExceeded
from service_kit.http import HttpHandler
from service_kit.testing import Reply, call, replace_client, rest_event

from .orders_fakes import FakeOrders, FakeWaiting, order

ADMINS = "restaurant-admins"


class AnswerTests:
    """The tests of one answer; a subclass says which."""

    handler: ClassVar[HttpHandler]
    state: ClassVar[OrderState]
    other: ClassVar[OrderState]

    @pytest.mark.parametrize("before", [OrderState.PLACED, OrderState.NOTIFIED])
    def test_an_order_that_waits_is_answered(self, before: OrderState) -> None:
        orders = FakeOrders(order("1", state=before))
        assert answer_order(orders, FakeWaiting(), order_id="1", answer=self.state).state is self.state

    def test_the_waiting_ends_with_the_answer(self) -> None:
        orders, waiting = FakeOrders(order("1")), FakeWaiting()
        orders.remember_answer_token("1", "token")
        answer_order(orders, waiting, order_id="1", answer=self.state)
        assert waiting.ended == ["token"]

    def test_an_order_that_nobody_waits_for_yet_is_answered_too(self) -> None:
        waiting = FakeWaiting()
        answer_order(FakeOrders(order("1")), waiting, order_id="1", answer=self.state)
        assert waiting.ended == []

    def test_the_same_answer_again_changes_nothing(self) -> None:
        orders = FakeOrders(order("1", state=self.state))
        assert answer_order(orders, FakeWaiting(), order_id="1", answer=self.state).state is self.state

    @pytest.mark.parametrize("is_late", [False, True])
    def test_an_answer_stands_once_it_is_given(self, *, is_late: bool) -> None:
        before = OrderState.EXPIRED if is_late else self.other
        orders = FakeOrders(order("1", state=before))
        with pytest.raises(OrderAlreadyAnsweredError, match=before):
            answer_order(orders, FakeWaiting(), order_id="1", answer=self.state)
        assert orders.by_id["1"].state is before

    def test_there_is_no_answer_to_an_order_that_does_not_exist(self) -> None:
        with pytest.raises(OrderNotFoundError):
            answer_order(FakeOrders(), FakeWaiting(), order_id="1", answer=self.state)

    @pytest.mark.usefixtures("waiting")
    def test_an_admin_gets_the_order_as_it_is_then(self, orders: FakeOrders) -> None:
        orders.add(order("1", customer_id="somebody else"))
        reply = self._ask()
        assert (reply.status, reply.document) == (
            200,
            {
                "orderId": "1",
                "restaurantName": "Fangtasia",
                "state": str(self.state),
                "placedAt": "2026-01-31T12:00:00Z",
            },
        )

    @pytest.mark.usefixtures("waiting")
    def test_a_customer_may_not_answer(self, orders: FakeOrders) -> None:
        orders.add(order("1"))
        assert self._ask(group="customers").status == 403
        assert orders.by_id["1"].state is OrderState.PLACED

    @pytest.mark.usefixtures("waiting")
    def test_an_order_that_was_answered_otherwise_is_a_conflict(self, orders: FakeOrders) -> None:
        orders.add(order("1", state=self.other))
        reply = self._ask()
        assert (reply.status, reply.document["detail"]) == (409, f"This order is {self.other} already.")

    @pytest.mark.parametrize(
        "fails",
        [
            ClientError({"Error": {"Code": "ThrottlingException", "Message": ""}}, "SendTaskSuccess"),
            ClientError({"Error": {"Code": "AccessDeniedException", "Message": ""}}, "SendTaskSuccess"),
            ClientError({"Error": {"Code": "InvalidToken", "Message": ""}}, "SendTaskSuccess"),
            EndpointConnectionError(endpoint_url="https://states"),
            ConnectTimeoutError(endpoint_url="https://states"),
            ReadTimeoutError(endpoint_url="https://states"),
            NoCredentialsError(),
            DeadlineExceeded(),
            RuntimeError("of no known kind"),
        ],
        ids=lambda error: type(error).__name__,
    )
    def test_an_order_is_answered_whatever_step_functions_does(
        self,
        orders: FakeOrders,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        fails: Exception,
    ) -> None:
        def refuse() -> None:
            raise fails

        reply = self._ask_while_step_functions(refuse, orders, monkeypatch)

        assert (reply.status, reply.document["state"]) == (200, self.state)
        written = capsys.readouterr().out
        assert "could not end the waiting for an answer" in written
        assert '"WaitingNotEnded":[1.0]' in written

    def test_an_order_is_answered_soon_while_step_functions_is_silent(
        self, orders: FakeOrders, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        began = time.monotonic()

        reply = self._ask_while_step_functions(lambda: time.sleep(60), orders, monkeypatch)

        assert (reply.status, reply.document["state"]) == (200, self.state)
        assert time.monotonic() - began < 4

    def _ask_while_step_functions(
        self, does: Callable[[], None], orders: FakeOrders, monkeypatch: pytest.MonkeyPatch
    ) -> Reply:
        over = SimpleNamespace(TaskTimedOut=KeyError, TaskDoesNotExist=LookupError)
        fake = SimpleNamespace(exceptions=over, send_task_success=lambda **_: does())
        replace_client(monkeypatch, "stepfunctions", fake)
        orders.add(order("1"))
        orders.remember_answer_token("1", "token")
        return self._ask()

    @pytest.mark.usefixtures("waiting", "orders")
    def test_an_order_that_does_not_exist_is_not_found(self) -> None:
        reply = self._ask("2")
        assert (reply.status, reply.document["detail"]) == (404, "There is no such order.")

    def _ask(self, order_id: str = "1", group: str | None = ADMINS) -> Reply:
        return call(
            type(self).handler, rest_event(caller="ada", path_parameters={"orderId": order_id}, groups=group)
        )
