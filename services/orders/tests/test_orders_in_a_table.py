"""What is in the table of orders after each write; the table is a real one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest

from devtools import local_tables, snapshot_hooks
from orders.adapters.order_table import OrderTable
from orders.domain.errors import InvalidCursorError, OrderAlreadyAnsweredError, OrderNotFoundError
from orders.domain.models import AnswerQueue, OrderState, OrderSummary

from .orders_fakes import NOON, order, summary

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

    from service_kit.testing import MadeClients

PLACED = {
    "orderId": "1",
    "customerId": "ada",
    "restaurantName": "Fangtasia",
    "state": "placed",
    "placedAt": "2026-01-31T12:00:00.000000+00:00",
    "answerQueue": "Fangtasia#waiting",
    "correlationId": "request-1",
}
# As they were stored before restaurants had lists of their orders.
OLD = {name: value for name, value in PLACED.items() if name not in {"answerQueue", "correlationId"}} | {
    "answerToken": "token"
}
ANSWERS = ("accepted", "rejected", "expired", "cancelled")
AT = NOON + timedelta(minutes=3)
AT_TEXT = "2026-01-31T12:03:00.000000+00:00"
RACES = 200


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> Table:
    local_tables.use_emulator(monkeypatch)
    return local_tables.make_table("orders", "table.yml")


@pytest.fixture
def orders(stored: Table) -> OrderTable:
    return OrderTable(stored.name)


def items(stored: Table) -> list[dict[str, Any]]:
    return stored.scan(ConsistentRead=True)["Items"]


def test_a_new_order_is_one_item(orders: OrderTable, stored: Table) -> None:
    assert orders.add(order("1")) is True
    assert items(stored) == [PLACED]


def test_an_order_of_a_known_id_does_not_overwrite_it(orders: OrderTable, stored: Table) -> None:
    stored.put_item(Item=PLACED | {"state": "accepted"})
    assert orders.add(order("1", customer_id="bob")) is False
    assert items(stored) == [PLACED | {"state": "accepted"}]


def test_an_order_is_found_as_it_was_added(orders: OrderTable) -> None:
    orders.add(order("1"))
    assert orders.find("1") == order("1")
    assert orders.find("2") is None


def test_a_summary_is_all_of_an_order_but_its_customer(orders: OrderTable) -> None:
    times = {"answer_by": AT, "notified_at": AT, "answered_at": AT}
    orders.add(order("1").model_copy(update=times))
    assert orders.find_summary("1") == summary(order("1")).model_copy(update=times)
    assert orders.find_summary("2") is None


def answer(orders: OrderTable, answer: str, *, restaurant_name: str = "Fangtasia") -> OrderSummary:
    return orders.answer("1", OrderState(answer), restaurant_name=restaurant_name, at=AT)


def answered(answer: str, item: dict[str, str] = PLACED) -> dict[str, str]:
    return item | {"state": answer, "answeredAt": AT_TEXT, "answerQueue": f"Fangtasia#{answer}"}


@pytest.mark.parametrize("before", ["placed", "notified"])
@pytest.mark.parametrize("given", ANSWERS)
@pytest.mark.parametrize("item", [PLACED, OLD], ids=["new", "old"])
def test_an_order_that_waits_takes_any_answer(
    orders: OrderTable, stored: Table, before: str, given: str, item: dict[str, str]
) -> None:
    stored.put_item(Item=item | {"state": before})
    expected = summary(order("1", state=OrderState(given)))
    assert answer(orders, given) == expected.model_copy(update={"answered_at": AT})
    assert items(stored) == [answered(given, item)]


@pytest.mark.parametrize("first", ANSWERS)
@pytest.mark.parametrize("late", ANSWERS)
def test_a_late_answer_does_not_overwrite(orders: OrderTable, stored: Table, first: str, late: str) -> None:
    earlier = answered(first) | {"answeredAt": "2026-01-31T12:01:00.000000+00:00"}
    stored.put_item(Item=earlier)
    if late == first:
        assert answer(orders, late).answered_at == NOON + timedelta(minutes=1)
    else:
        with pytest.raises(OrderAlreadyAnsweredError, match=f"^This order is {first} already"):
            answer(orders, late)
    assert items(stored) == [earlier]


@pytest.mark.parametrize("item", [PLACED, answered("accepted")], ids=["waiting", "answered"])
def test_an_order_of_another_restaurant_takes_no_answer(
    orders: OrderTable, stored: Table, item: dict[str, str]
) -> None:
    stored.put_item(Item=item)
    with pytest.raises(OrderNotFoundError):
        answer(orders, "accepted", restaurant_name="Pizza Planet")
    assert items(stored) == [item]


def test_an_answer_to_an_unknown_id_makes_no_order(orders: OrderTable, stored: Table) -> None:
    with pytest.raises(OrderNotFoundError):
        answer(orders, "accepted")
    assert items(stored) == []


def test_of_answers_at_once_one_wins_and_all_others_are_told_which(orders: OrderTable, stored: Table) -> None:
    def race(order_id: str) -> list[str]:
        orders.add(order(order_id))
        start = Barrier(len(ANSWERS))

        def give(one: str) -> str:
            start.wait()
            try:
                return orders.answer(order_id, OrderState(one), restaurant_name="Fangtasia", at=AT).state
            except OrderAlreadyAnsweredError as late:
                return str(late)

        with ThreadPoolExecutor(len(ANSWERS)) as pool:
            return list(pool.map(give, ANSWERS))

    # botocore makes a client's exceptions at their first use, and those of two threads are not the same.
    with pytest.raises(OrderNotFoundError):
        answer(orders, "accepted")
    winners = set()
    for number in range(RACES):
        outcomes = race(str(number))
        state = str(stored.get_item(Key={"orderId": str(number)}, ConsistentRead=True)["Item"]["state"])
        late = f"This order is {state} already."
        assert sorted(outcomes) == sorted([state, late, late, late])
        winners.add(state)
    assert len(winners) > 1, "these were no races"


@pytest.mark.parametrize("item", [PLACED, OLD], ids=["new", "old"])
def test_erasing_its_customer_cancels_an_order_that_waits(
    orders: OrderTable, stored: Table, item: dict[str, str]
) -> None:
    stored.put_item(Item=item)
    assert orders.erase_customer(order("1"), "ada", at=AT) is True
    assert items(stored) == [answered("cancelled", item) | {"customerId": "erased-1"}]


@pytest.mark.parametrize("state", ANSWERS)
def test_erasing_its_customer_leaves_an_answer(orders: OrderTable, stored: Table, state: str) -> None:
    stored.put_item(Item=answered(state))
    assert orders.erase_customer(order("1"), "ada", at=NOON) is True
    assert items(stored) == [answered(state) | {"customerId": "erased-1"}]
    assert orders.of_customer("ada", cursor=None, limit=1).orders == []


def test_an_order_of_another_customer_is_not_erased(orders: OrderTable, stored: Table) -> None:
    stored.put_item(Item=PLACED | {"customerId": "bob"})
    assert orders.erase_customer(order("1"), "ada", at=AT) is False
    assert items(stored) == [PLACED | {"customerId": "bob"}]


def test_an_order_whose_restaurant_knows_of_it_is_notified(orders: OrderTable, stored: Table) -> None:
    stored.put_item(Item=PLACED)
    assert orders.mark_notified("1", at=AT) is True
    assert items(stored) == [PLACED | {"state": "notified", "notifiedAt": AT_TEXT}]


@pytest.mark.parametrize("state", ["notified", *ANSWERS])
def test_a_late_notice_does_not_undo_an_answer(orders: OrderTable, stored: Table, state: str) -> None:
    stored.put_item(Item=PLACED | {"state": state})
    assert orders.mark_notified("1", at=AT) is False
    assert items(stored) == [PLACED | {"state": state}]


def test_a_notice_of_an_unknown_id_makes_no_order(orders: OrderTable, stored: Table) -> None:
    with pytest.raises(OrderNotFoundError):
        orders.mark_notified("1", at=AT)
    assert items(stored) == []


def test_pages_hold_one_customers_orders_from_the_newest_to_the_oldest(orders: OrderTable) -> None:
    orders.add(order("of bob", customer_id="bob", minutes_after_noon=2))
    for number in (3, 1, 5, 2, 4):
        orders.add(order(str(number), minutes_after_noon=number))
    seen, cursor = [], None
    while True:
        page = orders.of_customer("ada", cursor=cursor, limit=2)
        seen.append([found.order_id for found in page.orders])
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == [["5", "4"], ["3", "2"], ["1"]]


def test_a_page_shows_orders_with_their_times(orders: OrderTable) -> None:
    orders.add(order("1"))
    orders.mark_notified("1", at=AT)
    [found] = orders.of_customer("ada", cursor=None, limit=2).orders
    assert (found.state, found.notified_at) == (OrderState.NOTIFIED, AT)


def ids_of_pages(orders: OrderTable, restaurant_name: str, queue: AnswerQueue) -> list[list[str]]:
    seen, cursor = [], None
    while True:
        page = orders.of_restaurant(restaurant_name, queue, cursor=cursor, limit=2)
        seen.append([found.order_id for found in page.orders])
        cursor = page.next_cursor
        if cursor is None:
            return seen


def test_a_restaurant_finds_its_waiting_orders_from_the_oldest_to_the_newest(orders: OrderTable) -> None:
    orders.add(order("elsewhere", restaurant_name="Pizza Planet"))
    for number in (3, 1, 5, 2, 4):
        orders.add(order(str(number), minutes_after_noon=number))
    orders.mark_notified("2", at=AT)
    assert ids_of_pages(orders, "Fangtasia", AnswerQueue.WAITING) == [["1", "2"], ["3", "4"], ["5"]]


@pytest.mark.parametrize("queue", [queue for queue in AnswerQueue if queue is not AnswerQueue.WAITING])
def test_a_restaurant_finds_its_answered_orders_from_the_newest_to_the_oldest(
    orders: OrderTable, queue: AnswerQueue
) -> None:
    for number in (1, 2, 3):
        orders.add(order(str(number), minutes_after_noon=number))
        orders.answer(str(number), OrderState(queue), restaurant_name="Fangtasia", at=AT)
    orders.add(order("waiting"))
    assert ids_of_pages(orders, "Fangtasia", queue) == [["3", "2"], ["1"]]
    assert ids_of_pages(orders, "Fangtasia", AnswerQueue.WAITING) == [["waiting"]]


def test_a_restaurants_list_shows_orders_with_their_times_and_without_customers(orders: OrderTable) -> None:
    orders.add(order("1").model_copy(update={"answer_by": AT}))
    orders.mark_notified("1", at=AT)
    assert orders.of_restaurant("Fangtasia", AnswerQueue.WAITING, cursor=None, limit=2).orders == [
        OrderSummary(
            order_id="1",
            restaurant_name="Fangtasia",
            state=OrderState.NOTIFIED,
            placed_at=NOON,
            answer_by=AT,
            notified_at=AT,
        )
    ]


def test_no_name_of_a_restaurant_opens_the_list_of_another(orders: OrderTable) -> None:
    orders.add(order("1", restaurant_name="Fangtasia#waiting"))
    orders.add(order("2", restaurant_name="Fangtasia"))
    assert ids_of_pages(orders, "Fangtasia", AnswerQueue.WAITING) == [["2"]]


def test_a_cursor_of_one_restaurant_leads_into_no_other(orders: OrderTable) -> None:
    for number in (1, 2):
        orders.add(order(str(number), minutes_after_noon=number))
    cursor = orders.of_restaurant("Fangtasia", AnswerQueue.WAITING, cursor=None, limit=1).next_cursor
    assert orders.of_restaurant("Pizza Planet", AnswerQueue.WAITING, cursor=cursor, limit=1).orders == []


def test_a_cursor_leads_no_other_customer_to_these_orders(orders: OrderTable) -> None:
    for number in (1, 2):
        orders.add(order(str(number), minutes_after_noon=number))
    cursor = orders.of_customer("ada", cursor=None, limit=1).next_cursor
    assert orders.of_customer("bob", cursor=cursor, limit=1).orders == []


def test_a_cursor_that_was_made_up_is_refused(orders: OrderTable) -> None:
    with pytest.raises(InvalidCursorError):
        orders.of_customer("ada", cursor="made up", limit=2)


def test_the_table_is_made_before_the_first_request(
    monkeypatch: pytest.MonkeyPatch, fresh_clients: MadeClients
) -> None:
    snapshot_hooks.start(monkeypatch)
    OrderTable("orders-test")
    assert list(fresh_clients.tables) == ["orders-test"]
