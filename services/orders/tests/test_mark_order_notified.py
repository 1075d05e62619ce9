"""Noting that an order's restaurant knows of it."""

import json
from pathlib import Path
from typing import Any

from orders.domain.models import OrderState
from orders.handlers.mark_order_notified import RestaurantNotified, handle
from service_kit.testing import bus_event, deliver, queue_message

from .orders_fakes import NOON, FakeOrders, order


def test_all_that_this_service_needs_of_restaurant_notified_is_promised_by_its_producer() -> None:
    file = Path(__file__).parents[2] / "notifications" / "events" / "restaurant_notified.schema.json"
    schema = json.loads(file.read_text(encoding="utf-8"))
    for example in schema["examples"]:
        promised = {name: example[name] for name in schema["required"]}
        assert RestaurantNotified.model_validate(promised).order_id == example["orderId"]


def notified(message_id: str, detail: object) -> dict[str, Any]:
    return queue_message(message_id, bus_event(detail, detail_type="restaurant_notified"))


def test_the_queue_marks_the_order_of_each_message(orders: FakeOrders) -> None:
    orders.add(order("1"))
    orders.add(order("2"))
    failed = deliver(
        handle,
        notified("a", {"orderId": "1", "restaurantName": "Fangtasia"}),
        notified("b", {"orderId": "2"}),
    )
    assert failed == []
    assert {order.state for order in orders.by_id.values()} == {OrderState.NOTIFIED}


def test_the_queue_is_done_with_a_message_that_comes_twice(orders: FakeOrders) -> None:
    orders.add(order("1"))
    assert deliver(handle, notified("a", {"orderId": "1"}), notified("b", {"orderId": "1"})) == []
    assert orders.by_id == {
        "1": order("1", state=OrderState.NOTIFIED).model_copy(update={"notified_at": NOON})
    }


def test_only_the_messages_that_failed_come_again(orders: FakeOrders) -> None:
    orders.add(order("1"))
    failed = deliver(
        handle,
        notified("unknown", {"orderId": "2"}),
        notified("good", {"orderId": "1"}),
        notified("malformed", {"restaurantName": "Fangtasia"}),
    )
    assert failed == ["unknown", "malformed"]
    assert orders.by_id["1"].state is OrderState.NOTIFIED
