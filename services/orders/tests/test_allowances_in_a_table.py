"""What is in the table of attempts after each of them; the table is a real one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from devtools import local_tables
from orders.adapters.allowance_table import AllowanceCounts, AllowanceTable
from orders.domain.errors import TooManyOrdersError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
SINCE = 1_769_860_800


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> Table:
    local_tables.use_emulator(monkeypatch)
    return local_tables.make_table("orders", "allowances-table.yml")


def allowances(stored: Table) -> AllowanceTable:
    """Return the adapter as another execution environment has it."""
    return AllowanceTable(stored.name, most=3, window_seconds=10)


def attempts(stored: Table) -> dict[tuple[str, int], int]:
    items = stored.scan(ConsistentRead=True)["Items"]
    return {(str(item["customerId"]), int(str(item["since"]))): int(str(item["attempts"])) for item in items}


def test_attempts_are_counted_together_whichever_environment_counts_them(stored: Table) -> None:
    for second in range(3):
        allowances(stored).take("ada", NOON + timedelta(seconds=second))
    with pytest.raises(TooManyOrdersError):
        allowances(stored).take("ada", NOON + timedelta(seconds=9))
    assert attempts(stored) == {("ada", SINCE): 3}


def test_each_customer_and_each_window_has_a_count_of_its_own(stored: Table) -> None:
    table = allowances(stored)
    for _ in range(3):
        table.take("ada", NOON)
    table.take("bob", NOON)
    table.take("ada", NOON + timedelta(seconds=10))
    assert attempts(stored) == {("ada", SINCE): 3, ("bob", SINCE): 1, ("ada", SINCE + 10): 1}


def test_a_count_is_removed_after_its_window(stored: Table) -> None:
    allowances(stored).take("ada", NOON + timedelta(seconds=9))
    (item,) = stored.scan()["Items"]
    assert item["expiresAt"] == SINCE + 20


def test_what_is_counted_of_a_customer_can_be_forgotten(stored: Table) -> None:
    table = allowances(stored)
    table.take("ada", NOON)
    table.take("ada", NOON + timedelta(seconds=10))
    table.take("bob", NOON)
    for _ in range(2):
        AllowanceCounts(stored.name).forget("ada")
    assert attempts(stored) == {("bob", SINCE): 1}
