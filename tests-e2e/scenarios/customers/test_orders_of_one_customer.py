"""One customer's orders do not take the service from the others."""

import os
import subprocess
import sys
import time
import uuid

import pytest

from drivers.exchange import Driver
from load.starvation import Starvation, measure
from steps import given
from steps.given import User
from steps.shop import then, when
from steps.shop.catalogue import A_RESTAURANT
from support.stage import REPOSITORY, Stage

pytestmark = pytest.mark.about("orders")

CONNECTIONS, SECONDS = 40, 10
ORDERS, FEWEST_PLACED = 18, 17
WINDOWS_USED_UP = 6
# Places orders as one customer at the same time, and prints how many were accepted.
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
def test_a_flood_gets_no_more_orders_than_a_customer_may_place(starvation: Starvation, stage: Stage) -> None:
    limits = stage.quotas("orders")["place-order"]
    flood = starvation.flood

    windows = starvation.lasted_seconds // limits["windowSeconds"] + 2
    assert flood.placed <= limits["ordersPerCustomer"] * windows
    assert flood.without_pause == 0


@pytest.mark.emulator_only
def test_a_customer_whose_window_is_used_up_gets_a_retry_after(
    driver: Driver, stage: Stage, customer: User, another_customer: User
) -> None:
    key = str(uuid.uuid4())
    first = then.an_order_is_placed(
        when.a_customer_orders_from(driver, customer, A_RESTAURANT, idempotency_key=key)
    )
    limits = stage.quotas("orders")["place-order"]
    _use_up(stage, customer, limits["ordersPerCustomer"], limits["windowSeconds"])

    refused = when.a_customer_orders_from(driver, customer, A_RESTAURANT)

    then.it_is_refused(refused, 429)
    assert 1 <= int(refused.headers["retry-after"]) <= limits["windowSeconds"]
    again = when.a_customer_orders_from(driver, customer, A_RESTAURANT, idempotency_key=key)
    assert then.an_order_is_placed(again) == first
    then.an_order_is_placed(when.a_customer_orders_from(driver, another_customer, A_RESTAURANT))


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


def _use_up(stage: Stage, customer: User, most: int, window_seconds: int) -> None:
    """Let a customer have had all attempts of this window and the next few."""
    now = int(time.time()) // window_seconds
    for window in range(now, now + WINDOWS_USED_UP):
        stage.dynamodb.put_item(
            TableName=f"orders-{stage.name}-allowances",
            Item={
                "customerId": {"S": customer.user_id},
                "since": {"N": str(window * window_seconds)},
                "attempts": {"N": str(most)},
            },
        )
