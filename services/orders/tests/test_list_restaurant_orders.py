"""Looking at the orders of a restaurant."""

import pytest

from orders.domain.models import AnswerQueue, OrderState
from orders.handlers.list_restaurant_orders import handle
from service_kit.aws import UpstreamUnavailable
from service_kit.testing import Reply, call, rest_event

from .orders_fakes import FakeOrders, FakeStaff, order

pytestmark = pytest.mark.usefixtures("staff")


def get(name: str = "Fangtasia", caller: str | None = "ada", **query: str) -> Reply:
    return call(handle, rest_event(caller=caller, path_parameters={"name": name}, query=query or None))


def ids(reply: Reply) -> list[str]:
    assert reply.status == 200, reply.document
    return [order["orderId"] for order in reply.document["orders"]]


def test_staff_sees_the_orders_that_wait_oldest_first(orders: FakeOrders) -> None:
    for one in (
        order("2", minutes_after_noon=2),
        order("1", minutes_after_noon=1, state=OrderState.NOTIFIED),
        order("answered", state=OrderState.ACCEPTED),
        order("elsewhere", restaurant_name="Pizza Planet"),
    ):
        orders.add(one)
    assert ids(get()) == ["1", "2"]


@pytest.mark.parametrize("queue", [queue for queue in AnswerQueue if queue is not AnswerQueue.WAITING])
def test_staff_sees_the_answered_orders_newest_first(orders: FakeOrders, queue: AnswerQueue) -> None:
    for minutes in (1, 2):
        orders.add(order(str(minutes), minutes_after_noon=minutes, state=OrderState(queue)))
    orders.add(order("waiting"))
    assert ids(get(state=queue)) == ["2", "1"]


def test_an_order_shows_what_its_restaurant_needs_and_no_customer(orders: FakeOrders) -> None:
    orders.add(order("1"))
    assert get().document == {
        "orders": [
            {
                "orderId": "1",
                "restaurantName": "Fangtasia",
                "state": "placed",
                "placedAt": "2026-01-31T12:00:00Z",
                "answerBy": None,
                "history": [{"state": "placed", "at": "2026-01-31T12:00:00Z"}],
            }
        ],
        "nextCursor": None,
    }


def test_pages_lead_through_all_orders(orders: FakeOrders) -> None:
    for minutes in range(5):
        orders.add(order(str(minutes), minutes_after_noon=minutes))
    first = get()
    second = get(cursor=first.document["nextCursor"])
    assert ids(first) + ids(second) == ["0", "1", "2", "3"]


@pytest.mark.parametrize("caller", ["bob", "eve"])
def test_others_see_nothing(orders: FakeOrders, caller: str) -> None:
    orders.add(order("1"))
    assert get(caller=caller).status == 403


def test_a_restaurant_that_does_not_exist_has_no_staff(orders: FakeOrders) -> None:
    assert get("Los Pollos Hermanos").status == 403


def test_nobody_sees_orders_without_signing_in(orders: FakeOrders) -> None:
    assert get(caller=None).status == 401


def test_nobody_sees_orders_while_it_cannot_be_asked_who_is_staff(
    orders: FakeOrders, staff: FakeStaff
) -> None:
    orders.add(order("1"))
    staff.failure = UpstreamUnavailable("down")
    reply = get()
    assert (reply.status, "retry-after" in reply.headers) == (503, True)


@pytest.mark.parametrize("state", ["placed", "eaten", ""])
def test_a_list_that_does_not_exist_is_named(orders: FakeOrders, state: str) -> None:
    assert get(state=state).bad_fields == [("query", "state")]


def test_a_cursor_that_was_made_up_is_refused(orders: FakeOrders) -> None:
    assert get(cursor="made up").status == 400
