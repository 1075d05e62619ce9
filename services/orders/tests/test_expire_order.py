"""An order is not answered in time."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.stub import ANY, Stubber

from orders import wiring
from orders.domain.errors import OrderNotFoundError
from orders.domain.expire_order import expire_order
from orders.domain.models import OrderState
from orders.handlers.expire_order import handle
from service_kit.testing import bus_event, deliver, queue_message

from .orders_fakes import NOON, FakeOrders, FakeWaitingOrders, order

DETAIL = {"orderId": "1", "restaurantName": "Fangtasia", "metadata": {"correlationId": "abc"}}


def expire(orders: FakeOrders, restaurant_name: str = "Fangtasia") -> bool:
    return expire_order(orders, order_id="1", restaurant_name=restaurant_name, now=NOON)


def message(message_id: str = "m", **detail: Any) -> dict[str, Any]:
    return queue_message(message_id, bus_event(DETAIL | detail, detail_type="order_placed"))


def in_seconds(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


@pytest.mark.parametrize("state", [OrderState.PLACED, OrderState.NOTIFIED])
def test_an_order_that_still_waits_expires(state: OrderState) -> None:
    orders = FakeOrders(order("1", state=state))
    assert expire(orders)
    assert orders.by_id["1"].state is OrderState.EXPIRED


@pytest.mark.parametrize("state", [OrderState.ACCEPTED, OrderState.REJECTED, OrderState.CANCELLED])
def test_an_answer_that_came_before_stands(state: OrderState) -> None:
    orders = FakeOrders(order("1", state=state))
    assert not expire(orders)
    assert orders.by_id["1"].state is state


def test_expiring_twice_is_expiring_once() -> None:
    orders = FakeOrders(order("1", state=OrderState.EXPIRED))
    assert expire(orders)


def test_an_order_that_does_not_exist_cannot_expire() -> None:
    with pytest.raises(OrderNotFoundError):
        expire(FakeOrders())


def test_an_order_of_another_restaurant_cannot_expire() -> None:
    with pytest.raises(OrderNotFoundError):
        expire(FakeOrders(order("1")), "Pizza Planet")


def test_an_order_expires_when_its_time_is_over(
    orders: FakeOrders, waiting_orders: FakeWaitingOrders
) -> None:
    orders.add(order("1"))
    assert deliver(handle, message(answerBy=in_seconds(-0.001))) == []
    assert (orders.by_id["1"].state, waiting_orders.sent) == (OrderState.EXPIRED, [])


def test_a_message_that_comes_before_the_time_is_sent_again_whole(
    orders: FakeOrders, waiting_orders: FakeWaitingOrders
) -> None:
    orders.add(order("1"))
    early = message(answerBy=in_seconds(100))
    assert deliver(handle, early) == []
    [(body, after)] = waiting_orders.sent
    assert timedelta(seconds=90) < after <= timedelta(seconds=100)
    sent, received = json.loads(body), json.loads(early["body"])
    assert sent["detail"].pop("answerBy") is not None
    del received["detail"]["answerBy"]
    assert sent["detail"] == received["detail"]
    assert (sent["id"], sent["detail-type"]) == (received["id"], "order_placed")
    assert orders.by_id["1"].state is OrderState.PLACED


def test_a_message_that_was_sent_again_expires_the_order_at_its_time(
    orders: FakeOrders, waiting_orders: FakeWaitingOrders
) -> None:
    orders.add(order("1"))
    deliver(handle, message(answerBy=in_seconds(100)))
    [(body, _)] = waiting_orders.sent
    late = json.loads(body)
    late["detail"]["answerBy"] = in_seconds(-1)
    assert deliver(handle, queue_message("again", late)) == []
    assert orders.by_id["1"].state is OrderState.EXPIRED


def test_a_message_that_cannot_be_sent_again_comes_back(
    orders: FakeOrders, waiting_orders: FakeWaitingOrders
) -> None:
    orders.add(order("1"))
    waiting_orders.failure = ConnectionError("away")
    assert deliver(handle, message(answerBy=in_seconds(100))) == ["m"]


def test_an_event_from_before_orders_had_a_time_expires_its_order_after_a_quarter_of_an_hour(
    orders: FakeOrders, waiting_orders: FakeWaitingOrders
) -> None:
    orders.add(order("1"))
    orders.add(order("2"))
    recent = bus_event(DETAIL | {"orderId": "2"}, detail_type="order_placed") | {"time": in_seconds(-840)}
    assert deliver(handle, message(), queue_message("recent", recent)) == []
    assert orders.by_id["1"].state is OrderState.EXPIRED
    [(_, after)] = waiting_orders.sent
    assert timedelta(seconds=50) < after <= timedelta(seconds=60)


def test_an_event_that_names_no_order_delays_no_other(
    orders: FakeOrders, waiting_orders: FakeWaitingOrders
) -> None:
    orders.add(order("1"))
    bad = queue_message("bad", bus_event({"restaurantName": "Fangtasia"}, detail_type="order_placed"))
    assert deliver(handle, bad, message()) == ["bad"]
    assert orders.by_id["1"].state is OrderState.EXPIRED


@pytest.mark.parametrize(
    ("seconds", "delay_seconds"), [(0.2, 1), (60, 60), (900, 900), (901, 900), (86_400, 900)]
)
def test_a_message_is_delayed_for_the_rest_of_the_time_or_as_long_as_sqs_allows(
    sqs: Stubber, seconds: float, delay_seconds: int
) -> None:
    sqs.add_response(
        "send_message",
        {},
        {"QueueUrl": ANY, "MessageBody": "body", "DelaySeconds": delay_seconds},
    )
    wiring.waiting_orders().send_again("body", after=timedelta(seconds=seconds))
