"""Looking up an order."""

from datetime import timedelta

import pytest

from orders.domain.errors import OrderNotFoundError
from orders.domain.get_order import get_order
from orders.domain.models import OrderState
from orders.handlers.get_order import handle
from service_kit.testing import Reply, call, rest_event

from .orders_fakes import NOON, FakeOrders, order


def test_a_customer_gets_an_order_of_their_own() -> None:
    own = order("1")
    assert get_order(FakeOrders(own), customer_id="ada", order_id="1") == own


def test_an_order_that_does_not_exist_is_not_found() -> None:
    with pytest.raises(OrderNotFoundError):
        get_order(FakeOrders(), customer_id="ada", order_id="1")


def test_another_customers_order_is_not_found() -> None:
    with pytest.raises(OrderNotFoundError):
        get_order(FakeOrders(order("1", customer_id="bob")), customer_id="ada", order_id="1")


def get(order_id: str, customer_id: str | None = "ada") -> Reply:
    return call(handle, rest_event(caller=customer_id, path_parameters={"orderId": order_id}))


def test_the_endpoint_shows_an_order_without_its_customer(orders: FakeOrders) -> None:
    orders.add(order("1"))
    reply = get("1")
    assert (reply.status, reply.document) == (
        200,
        {
            "orderId": "1",
            "restaurantName": "Fangtasia",
            "state": "placed",
            "placedAt": "2026-01-31T12:00:00Z",
            "answerBy": None,
            "history": [{"state": "placed", "at": "2026-01-31T12:00:00Z"}],
        },
    )


def test_the_endpoint_shows_when_an_order_came_into_each_state(orders: FakeOrders) -> None:
    orders.add(order("1").model_copy(update={"answer_by": NOON + timedelta(minutes=15)}))
    orders.mark_notified("1", at=NOON + timedelta(seconds=1))
    orders.answer("1", OrderState.REJECTED, restaurant_name="Fangtasia", at=NOON + timedelta(minutes=2))
    document = get("1").document
    assert document["answerBy"] == "2026-01-31T12:15:00Z"
    assert document["history"] == [
        {"state": "placed", "at": "2026-01-31T12:00:00Z"},
        {"state": "notified", "at": "2026-01-31T12:00:01Z"},
        {"state": "rejected", "at": "2026-01-31T12:02:00Z"},
    ]


@pytest.mark.parametrize("state", list(OrderState))
def test_the_endpoint_shows_an_order_from_before_there_was_a_history(
    orders: FakeOrders, state: OrderState
) -> None:
    orders.add(order("1", state=state))
    document = get("1").document
    assert (document["state"], document["answerBy"]) == (state, None)
    assert document["history"] == [{"state": "placed", "at": "2026-01-31T12:00:00Z"}]


def test_the_endpoint_answers_a_strangers_order_exactly_as_one_that_does_not_exist(
    orders: FakeOrders,
) -> None:
    orders.add(order("1", customer_id="bob"))
    strangers, missing = get("1"), get("2")
    assert strangers == missing
    assert strangers.status == 404
    assert strangers.headers["content-type"] == "application/problem+json"
    assert strangers.document["requestId"] == "gateway-request"


def test_the_endpoint_answers_401_when_nobody_is_signed_in(orders: FakeOrders) -> None:
    orders.add(order("1"))
    assert get("1", customer_id=None).status == 401


@pytest.mark.parametrize("order_id", ["", "x" * 101])
def test_the_endpoint_names_an_order_id_of_a_wrong_length(orders: FakeOrders, order_id: str) -> None:
    reply = get(order_id)
    assert reply.status == 400
    assert [(error["location"], error["field"]) for error in reply.document["errors"]] == [
        ("path", "orderId")
    ]
