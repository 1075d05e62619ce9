"""Measures what orders cost and how long they take, prints tables, and writes the figures to a file.

Run from the repository root, with STAGE and AWS_* as for the suite, on an emulator of its own:

    PYTHONPATH=tests-e2e .venv/bin/python -m benchmarks.orders
"""

import argparse
import json
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.call_record import CallRecord
from benchmarks.consumption import consumption, waiting_orders
from benchmarks.machine import machine, now
from benchmarks.open_loop import time_to_notified
from benchmarks.order_life import OrderLife
from benchmarks.write_cost import write_costs
from drivers.over_http import OverHttp
from steps import given
from steps.shop import catalogue
from steps.shop.staff import staff_of
from support.stage import Stage, stage_under_test

RESULTS = Path(__file__).parent / "results" / "orders.json"
RATES_PER_SECOND = (1, 5, 10, 20, 50)
CUSTOMERS = 25
WARM_UP_ORDERS = 3
ORDERS_OF_EACH_WAY = 20
METHOD = {
    "calls": (
        "Calls to AWS as the deployed functions made them, from the emulator's CloudTrail record. "
        "Orders are placed one after the other, so nothing is batched: a busy stage uses less for each order."
    ),
    "dynamodb": (
        "Units from the sizes of the items before and after each recorded call, by DynamoDB's rules, in each "
        "table and index. A refused conditional write counts with the size of the item that it met."
    ),
    "lambda": (
        "Billed durations and memory from the REPORT lines, warm. They are this machine's, not AWS's; the "
        "emulator adds 50 ms to each invocation that logs nothing."
    ),
    "finding": (
        "For each order one look at the page and one search, warm, one after the other. Configuration is "
        "kept for 5 s on this stage, so it is read more often here than on others."
    ),
    "sqs": "One request for each message sent, two for each batch read by a function; none for idle polling.",
    "waiting": (
        "Each order's message appears once, when its patience is over, as on stages without tests. The "
        "delay of the queue and the patience are shortened, so that the run ends in minutes."
    ),
    "logs": "Bytes of all log events, and 26 more for each.",
    "time to notified": (
        "From the arrival of the answer 200 at the client to the arrival at DynamoDB of the write that says "
        "notified. Open loop: each order is sent when it is due."
    ),
}

PAGE_WIDTH = 120
console = Console(highlight=False, width=None if sys.stdout.isatty() else PAGE_WIDTH)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--orders", type=int, default=100, help="orders whose consumption is measured")
    parser.add_argument("--output", type=Path, default=RESULTS, help=f"default: {RESULTS.name} in results/")
    parser.add_argument("--counts-only", action="store_true", help="keep the times of the file, count again")
    parser.add_argument(
        "--times-only", action="store_true", help="keep the counts of the file, measure times"
    )
    arguments = parser.parse_args()
    stage = stage_under_test()
    if not stage.is_emulator:
        sys.exit("Calls are counted by the emulator: set AWS_ENDPOINT_URL to it.")
    is_half = arguments.times_only or arguments.counts_only
    before = json.loads(arguments.output.read_text(encoding="utf-8")) if is_half else {}
    with closing(CallRecord(stage)) as record, closing(OverHttp(stage)) as driver:
        if arguments.times_only:
            results = before
        else:
            results = _counts(stage, driver, record, arguments.orders)
            if arguments.counts_only:
                results["timeToNotified"] = before["timeToNotified"]
        if not arguments.counts_only:
            results["timeToNotified"] = _times(stage, driver, record)
    _show(results)
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _counts(stage: Stage, driver: OverHttp, record: CallRecord, orders: int) -> dict[str, Any]:
    if waiting := waiting_orders(stage):
        sys.exit(f"{waiting} orders wait for an answer and would expire meanwhile: use a fresh emulator.")
    before = machine()
    with (
        given.a_signed_in_user(stage, [catalogue.RESTAURANT_ADMINS]) as user,
        staff_of(driver, user, catalogue.A_RESTAURANT, user),
    ):
        life = OrderLife(driver, record, user)
        for _ in range(WARM_UP_ORDERS):
            life.find()
            life.accept(life.place_with_new_key())
        record.wait_until_quiet()
        return {
            "measuredAt": now(),
            "machine": before,
            "method": METHOD,
            "writeCost": write_costs(stage, life, ORDERS_OF_EACH_WAY),
            "consumption": consumption(stage, life, orders),
        }


def _times(stage: Stage, driver: OverHttp, record: CallRecord) -> dict[str, Any]:
    rates = []
    with ExitStack() as stack:
        # So many that none of them reaches the limit of a customer.
        users = [stack.enter_context(given.a_signed_in_user(stage)) for _ in range(CUSTOMERS)]
        for rate in RATES_PER_SECOND:
            load = machine()["load"]
            rates.append({**time_to_notified(driver, record, users, rate), "load": load})
    kept_up = [rate["ordersPerSecond"] for rate in rates if rate["keepsUp"]]
    return {
        "measuredAt": now(),
        "machine": machine(),
        "keepsUpWithPerSecond": max(kept_up, default=0),
        "rates": rates,
    }


def _show(results: dict[str, Any]) -> None:
    costs = Table(
        "", "writes", "write units", "reads", title="DynamoDB, for each order", title_justify="left", box=None
    )
    for cost in results["writeCost"]["ways"]:
        costs.add_row(cost["way"], *(f"{cost[name]:g}" for name in ("writes", "write_units", "reads")))
    times = Table(
        *("per second", "sent", "200", "notified", "per second", "keeps up"),
        *("answer", "p99", "notified", "p99"),
        title="Answered, and from then to notified: median and 99th percentile in milliseconds",
        title_justify="left",
        box=None,
    )
    for rate in results["timeToNotified"]["rates"]:
        answer, notified = rate["answerMilliseconds"], rate["notifiedAfterMilliseconds"]
        figures = (answer.get("median"), answer.get("p99"), notified.get("median"), notified.get("p99"))
        counts = (
            *(rate["ordersPerSecond"], rate["sent"], rate["answered"].get("200", 0)),
            *(rate["notified"], rate["notifiedPerSecond"]),
        )
        times.add_row(*map(str, counts), "yes" if rate["keepsUp"] else "no", *map(str, figures))
    used = Table(
        "phase", "unit", "of", "per order", title="Used by one order", title_justify="left", box=None
    )
    for row in results["consumption"]["rows"]:
        used.add_row(row["phase"], row["unit"], row["resource"], f"{row['perOrder']:.9g}")
    for table in (costs, times, used):
        console.print(table)


if __name__ == "__main__":
    main()
