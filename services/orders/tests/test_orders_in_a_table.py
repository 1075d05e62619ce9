"""What is in the table of orders after each write; the table is a real one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from devtools import local_tables, snapshot_hooks
from orders.adapters.order_table import OrderTable
from orders.domain.errors import InvalidCursorError, OrderAlreadyAnsweredError, OrderNotFoundError
from orders.domain.models import OrderState

from .orders_fakes import order

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

    from service_kit.testing import MadeClients

PLACED = {
    "orderId": "1",
    "customerId": "ada",
    "restaurantName": "Fangtasia",
    "state": "placed",
    "placedAt": "2026-01-31T12:00:00.000000+00:00",
}
ANSWERS = ("accepted", "rejected", "expired")


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


@pytest.mark.parametrize("before", ["placed", "notified"])
@pytest.mark.parametrize("answer", ANSWERS)
def test_an_order_that_waits_takes_any_answer(
    orders: OrderTable, stored: Table, before: str, answer: str
) -> None:
    stored.put_item(Item=PLACED | {"state": before, "answerToken": "token"})
    answered = orders.answer("1", OrderState(answer))
    assert answered == order("1", state=OrderState(answer)).model_copy(update={"answer_token": "token"})
    assert items(stored) == [PLACED | {"state": answer, "answerToken": "token"}]


@pytest.mark.parametrize("first", ANSWERS)
@pytest.mark.parametrize("late", ANSWERS)
def test_a_late_answer_does_not_overwrite(orders: OrderTable, stored: Table, first: str, late: str) -> None:
    stored.put_item(Item=PLACED | {"state": first})
    if late == first:
        assert orders.answer("1", OrderState(late)).state == first
    else:
        with pytest.raises(OrderAlreadyAnsweredError, match=f"^This order is {first} already"):
            orders.answer("1", OrderState(late))
    assert items(stored) == [PLACED | {"state": first}]


def test_an_answer_to_an_unknown_id_makes_no_order(orders: OrderTable, stored: Table) -> None:
    with pytest.raises(OrderNotFoundError):
        orders.answer("1", OrderState.ACCEPTED)
    assert items(stored) == []


def test_an_order_whose_restaurant_knows_of_it_is_notified(orders: OrderTable, stored: Table) -> None:
    stored.put_item(Item=PLACED)
    assert orders.mark_notified("1") is True
    assert items(stored) == [PLACED | {"state": "notified"}]


@pytest.mark.parametrize("state", ["notified", *ANSWERS])
def test_a_late_notice_does_not_undo_an_answer(orders: OrderTable, stored: Table, state: str) -> None:
    stored.put_item(Item=PLACED | {"state": state})
    assert orders.mark_notified("1") is False
    assert items(stored) == [PLACED | {"state": state}]


def test_a_notice_of_an_unknown_id_makes_no_order(orders: OrderTable, stored: Table) -> None:
    with pytest.raises(OrderNotFoundError):
        orders.mark_notified("1")
    assert items(stored) == []


def test_the_way_to_end_the_waiting_is_kept_with_the_order(orders: OrderTable, stored: Table) -> None:
    stored.put_item(Item=PLACED)
    orders.remember_answer_token("1", "first")
    orders.remember_answer_token("1", "token")
    assert items(stored) == [PLACED | {"answerToken": "token"}]


def test_a_token_for_an_unknown_id_makes_no_order(orders: OrderTable, stored: Table) -> None:
    with pytest.raises(OrderNotFoundError):
        orders.remember_answer_token("1", "token")
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


def test_a_page_shows_what_a_list_shows(orders: OrderTable) -> None:
    orders.add(order("1"))
    orders.remember_answer_token("1", "token")
    assert orders.of_customer("ada", cursor=None, limit=2).orders == [order("1")]


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
