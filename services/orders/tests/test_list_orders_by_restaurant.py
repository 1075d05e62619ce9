"""The migration that gives orders of old their place in a restaurant's list."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import boto3
import pytest

from devtools import local_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mypy_boto3_dynamodb.service_resource import Table

    Pages: TypeAlias = Iterator[tuple[str | None, int]]
    Migrate: TypeAlias = Callable[..., Pages]

PATH = Path(__file__).parents[1] / "migrations" / "0001_list_orders_by_restaurant.py"
ORDERS = 250


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Table:
    local_tables.use_emulator(monkeypatch)
    return local_tables.make_table("orders", "table.yml")


@pytest.fixture
def migrate(table: Table) -> Migrate:
    run: Migrate = runpy.run_path(str(PATH))["migrate"]
    stage = table.name.removeprefix("orders-")

    def of_the_table(cursor: str | None = None, *, is_dry_run: bool = False) -> Pages:
        return run(
            boto3.resource("dynamodb", region_name="eu-central-1"), stage, cursor, is_dry_run=is_dry_run
        )

    return of_the_table


def put(table: Table, order_id: str, **members: str) -> None:
    item = {
        "orderId": order_id,
        "customerId": "ada",
        "restaurantName": "Fangtasia",
        "state": "placed",
        "placedAt": "2026-01-31T12:00:00.000000+00:00",
    }
    table.put_item(Item=item | members)


def queues(table: Table) -> dict[str, Any]:
    return {str(item["orderId"]): item.get("answerQueue") for item in table.scan()["Items"]}


def test_orders_get_the_list_of_their_state(table: Table, migrate: Migrate) -> None:
    put(table, "waits")
    put(table, "is-notified", state="notified")
    put(table, "is-accepted", state="accepted")
    assert sum(changed for _, changed in migrate()) == 3
    assert queues(table) == {
        "waits": "Fangtasia#waiting",
        "is-notified": "Fangtasia#waiting",
        "is-accepted": "Fangtasia#accepted",
    }


def test_an_order_that_is_in_a_list_stays_there(table: Table, migrate: Migrate) -> None:
    put(table, "listed", answerQueue="Fangtasia#expired")
    assert list(migrate()) == [(None, 0)]
    assert queues(table) == {"listed": "Fangtasia#expired"}


def test_a_dry_run_counts_and_changes_nothing(table: Table, migrate: Migrate) -> None:
    put(table, "waits")
    assert list(migrate(is_dry_run=True)) == [(None, 1)]
    assert queues(table) == {"waits": None}


def test_it_goes_on_from_any_of_its_cursors_and_may_be_repeated(table: Table, migrate: Migrate) -> None:
    with table.batch_writer() as batch:
        for number in range(ORDERS):
            batch.put_item(
                Item={"orderId": f"o-{number}", "restaurantName": "Fangtasia", "state": "rejected"}
            )
    cursor, first = next(migrate())
    assert 0 < first < ORDERS
    assert first + sum(changed for _, changed in migrate(cursor)) == ORDERS
    assert set(queues(table).values()) == {"Fangtasia#rejected"}
    assert sum(changed for _, changed in migrate()) == 0
