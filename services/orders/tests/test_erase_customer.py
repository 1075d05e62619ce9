"""Erasing a person from the orders."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from botocore.stub import Stubber

from orders import wiring
from orders.domain.erase_customer import PAGE_SIZE, erase_customer
from orders.domain.models import WAITING, OrderPage, OrderState
from orders.domain.publish_order_events import Refusal
from orders.handlers.erase_customer import handle
from service_kit.testing import bus_event, deliver, queue_message

from .orders_fakes import NOON, FakeBus, FakeCounts, FakeOrders, order

EVENTS = Path(__file__).parents[2] / "auth" / "events"
REQUEST = {"erasureId": "7", "userId": "ada", "email": "ada@example.com"}


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> FakeCounts:
    fake = FakeCounts()
    monkeypatch.setattr(wiring, "counts", lambda: fake)
    return fake


def erase(orders: FakeOrders) -> int:
    return erase_customer(orders, FakeCounts(), user_id="ada", now=NOON)


def request(message_id: str = "m", detail: object = REQUEST) -> dict[str, Any]:
    return queue_message(message_id, bus_event(detail, detail_type="user_erasure_requested"))


@pytest.mark.parametrize("state", list(OrderState))
def test_no_order_names_the_person_any_more(state: OrderState) -> None:
    orders = FakeOrders(order("1", state=state), order("2", customer_id="bob", state=state))
    assert erase(orders) == 1
    assert [found.customer_id for found in orders.by_id.values()] == ["erased-1", "bob"]


@pytest.mark.parametrize("state", list(OrderState))
def test_orders_that_wait_are_cancelled_and_others_stay(state: OrderState) -> None:
    orders = FakeOrders(order("1", state=state))
    erase(orders)
    assert orders.by_id["1"].state is (OrderState.CANCELLED if state in WAITING else state)


def test_all_pages_are_erased() -> None:
    orders = FakeOrders(*(order(str(number)) for number in range(2 * PAGE_SIZE + 1)))
    assert erase(orders) == 2 * PAGE_SIZE + 1
    assert orders.of_customer("ada", cursor=None, limit=1).orders == []


class OrdersWhoseListLags(FakeOrders):
    """The list shows an order that is stored only when it was looked at once, and erased ones for ever."""

    looks = 0

    def of_customer(self, customer_id: str, *, cursor: str | None, limit: int) -> OrderPage:
        self.looks += 1
        late = [] if self.looks == 1 else [order("late")]
        return OrderPage(orders=[order("1"), *late], next_cursor=None)


def test_an_order_that_the_list_shows_late_is_erased_too() -> None:
    orders = OrdersWhoseListLags(order("1"), order("late"))
    assert erase(orders) == 2
    assert {found.customer_id for found in orders.by_id.values()} == {"erased-1", "erased-late"}


def test_the_request_is_answered_when_all_is_erased(
    orders: FakeOrders, counts: FakeCounts, bus: FakeBus
) -> None:
    orders.add(order("1"))
    assert deliver(handle, request()) == []
    assert orders.by_id["1"].customer_id == "erased-1"
    assert (counts.forgotten, bus.erasures) == (["ada"], ["7"])


def test_a_request_that_comes_again_is_answered_again(
    orders: FakeOrders, counts: FakeCounts, bus: FakeBus
) -> None:
    orders.add(order("1"))
    deliver(handle, request())
    before = dict(orders.by_id)
    assert deliver(handle, request("again")) == []
    assert (orders.by_id, bus.erasures) == (before, ["7", "7"])


def test_a_person_of_whom_nothing_is_known_is_erased(
    orders: FakeOrders, counts: FakeCounts, bus: FakeBus
) -> None:
    assert deliver(handle, request()) == []
    assert bus.erasures == ["7"]


def test_an_erasure_that_fails_halfway_is_not_answered_and_goes_on_later(
    orders: FakeOrders, counts: FakeCounts, bus: FakeBus
) -> None:
    orders.add(order("1"))
    orders.failure = ConnectionError("away")
    assert deliver(handle, request()) == ["m"]
    assert bus.erasures == []
    orders.failure = None
    assert deliver(handle, request()) == []
    assert (orders.by_id["1"].customer_id, bus.erasures) == ("erased-1", ["7"])


def test_an_answer_that_the_bus_does_not_accept_is_given_again(
    orders: FakeOrders, counts: FakeCounts, bus: FakeBus
) -> None:
    bus.refused["7"] = Refusal("ThrottlingException")
    assert deliver(handle, request()) == ["m"]
    bus.refused.clear()
    assert deliver(handle, request()) == []
    assert bus.erasures == ["7"]


def test_what_is_needed_of_the_request_is_promised_by_auth(
    orders: FakeOrders, counts: FakeCounts, bus: FakeBus
) -> None:
    schema = json.loads((EVENTS / "user_erasure_requested.schema.json").read_text(encoding="utf-8"))
    for example in schema["examples"]:
        assert deliver(handle, request(detail=example)) == []
    assert bus.erasures == [example["erasureId"] for example in schema["examples"]]


def test_the_answer_is_as_auth_expects_it(eventbridge: Stubber) -> None:
    schema = json.loads((EVENTS / "user_erased.schema.json").read_text(encoding="utf-8"))
    metadata = {"correlationId": None, "schemaVersion": "1"}
    detail = {"erasureId": "7", "service": "orders", "metadata": metadata}
    jsonschema.validate(detail, schema)
    entry = {
        "EventBusName": "big-mouth-test",
        "Source": "big-mouth",
        "DetailType": "user_erased",
        "Detail": json.dumps(detail, separators=(",", ":")),
    }
    eventbridge.add_response(
        "put_events", {"FailedEntryCount": 0, "Entries": [{"EventId": "a"}]}, {"Entries": [entry]}
    )
    wiring.event_bus().publish_user_erased("7")
