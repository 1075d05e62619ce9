"""One customer's orders do not take the service from the others."""

import os
import subprocess
import sys
import uuid

import pytest

from load.starvation import Starvation, measure
from stage import REPOSITORY, Stage
from steps import given

pytestmark = pytest.mark.about("orders")

CONNECTIONS, SECONDS = 40, 10
ORDERS, FEWEST_PLACED = 18, 17
# Tries to place orders as one customer at one moment, and says how many it may.
ATTEMPTS = """
import sys
from datetime import UTC, datetime
from orders.adapters.allowance_table import AllowanceTable
from orders.domain.errors import TooManyOrdersError

table, customer, most, attempts = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
allowances, taken = AllowanceTable(table, most=most, window_seconds=10), 0
for _ in range(attempts):
    try:
        allowances.take(customer, datetime(2026, 1, 31, 12, tzinfo=UTC))
        taken += 1
    except TooManyOrdersError:
        pass
print(taken)
"""


@pytest.fixture(scope="module")
def starvation(stage: Stage) -> Starvation:
    """What comes of a flood of one customer's orders, and of another customer's few."""
    with given.a_signed_in_user(stage) as flooding, given.a_signed_in_user(stage) as other:
        return measure(
            stage.service_url("orders"),
            flooding,
            other,
            connections=CONNECTIONS,
            orders=ORDERS,
            seconds=SECONDS,
        )


@pytest.mark.http_only
@pytest.mark.timeout(180)
def test_a_customer_who_orders_now_and_then_is_served_during_a_flood(starvation: Starvation) -> None:
    assert starvation.other.placed >= FEWEST_PLACED, starvation.other.statuses


@pytest.mark.http_only
@pytest.mark.timeout(180)
def test_a_flood_is_refused_and_told_when_to_come_back(starvation: Starvation, stage: Stage) -> None:
    limits = stage.quotas("orders")["place-order"]
    flood = starvation.flood

    windows = starvation.lasted_seconds // limits["windowSeconds"] + 2
    assert flood.placed <= limits["ordersPerCustomer"] * windows
    assert flood.statuses[429] > 0
    assert flood.without_pause == 0


@pytest.mark.emulator_only
@pytest.mark.parametrize("name", ["ada", "Ада 🍕"])
def test_processes_that_count_at_once_let_no_more_through_than_one(stage: Stage, name: str) -> None:
    most, attempts = 5, 12
    counted = (f"orders-{stage.name}-allowances", f"{name} {uuid.uuid4()}", str(most), str(attempts))
    modules = os.pathsep.join(str(REPOSITORY / folder) for folder in ("services/orders", "libs/service_kit"))
    running = [
        subprocess.Popen(
            [sys.executable, "-c", ATTEMPTS, *counted],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": modules},
        )
        for _ in range(2)
    ]

    assert sum(int(process.communicate(timeout=60)[0]) for process in running) == most
