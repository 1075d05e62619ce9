"""Compares how long `POST /orders` takes, warm, with a public implementation in Node on the same emulator.

Run from the repository root, with STAGE and AWS_* as for the suite, on an emulator that nothing else uses:

    git clone https://github.com/kshyun28/production-ready-serverless /tmp/node-implementation
    (cd /tmp/node-implementation && npm ci)
    PYTHONPATH=tests-e2e .venv/bin/python -m benchmarks.orders_beside_node --beside /tmp/node-implementation
"""

import argparse
import json
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from benchmarks.consumption import waiting_orders
from benchmarks.machine import machine, now
from benchmarks.orders_beside_node.node_stage import node_stage
from steps import given
from steps.shop import catalogue
from support.stage import stage_under_test

RESULTS = Path(__file__).parents[1] / "results" / "orders_beside_node.json"
TARGET = 1.2
WARM_UP_ROUNDS = 30
# As many as it takes that none of them reaches the limit of a customer.
CUSTOMERS = 10
METHOD = (
    "Warm, one request at a time over one connection to each API. Each round sends one order each way, each "
    "round beginning with another. After each answer nothing is sent for a while, so that what follows from "
    "an order does not slow down the next. A busy machine adds to all ways, to the lower quartile less than "
    "to the median. The Node implementation is deployed by osls from its own serverless.yml and bundled by "
    "its own plugin. It publishes an event to EventBridge, and neither looks for the restaurant nor stores "
    "the order."
)
NODE, OURS, OURS_WITH_KEY = "Node", "ours", "ours, with an Idempotency-Key"

Way = Callable[[], httpx.Response]


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--beside",
        type=Path,
        required=True,
        metavar="DIR",
        help="checkout of the Node implementation, after `npm ci`; it is not written to",
    )
    parser.add_argument("--rounds", type=int, default=200, help="orders of each way (default: 200)")
    parser.add_argument(
        "--pause-seconds", type=float, default=0.3, help="pause after each answer (default: 0.3)"
    )
    parser.add_argument("--output", type=Path, default=RESULTS, help=f"default: {RESULTS.name} in results/")
    arguments = parser.parse_args()
    stage = stage_under_test()
    if not stage.is_emulator:
        sys.exit("Both are deployed to an emulator: set AWS_ENDPOINT_URL to it.")
    if waiting := waiting_orders(stage):
        sys.exit(f"{waiting} orders wait for an answer and would expire meanwhile: use a fresh emulator.")
    before = machine()
    with ExitStack() as stack:
        node = stack.enter_context(node_stage(arguments.beside, stage))
        users = cycle([stack.enter_context(given.a_signed_in_user(stage)) for _ in range(CUSTOMERS)])
        client = stack.enter_context(httpx.Client(timeout=30, trust_env=False))
        ours = f"{stage.service_url('orders')}/orders"

        def order(url: str, token: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
            body = {"restaurantName": catalogue.A_RESTAURANT}
            return client.post(url, json=body, headers={"authorization": token, **(headers or {})})

        ways: dict[str, Way] = {
            NODE: lambda: order(node.orders_url, node.id_token),
            OURS: lambda: order(ours, next(users).id_token),
            OURS_WITH_KEY: lambda: order(ours, next(users).id_token, {"idempotency-key": str(uuid.uuid4())}),
        }
        # On a busy machine the first may run out of time; that is not measured.
        for way in (*ways.values(),) * WARM_UP_ROUNDS:
            way()
            time.sleep(arguments.pause_seconds)
        took = _measure(ways, arguments.rounds, arguments.pause_seconds)
    results = {
        "measuredAt": now(),
        "machine": before,
        "method": METHOD,
        "rounds": arguments.rounds,
        "pauseSeconds": arguments.pause_seconds,
        "target": TARGET,
        "ways": [{"way": way, **_figures(took[way], took[NODE])} for way in ways],
    }
    _show(results)
    arguments.output.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _measure(ways: Mapping[str, Way], rounds: int, pause_seconds: float) -> dict[str, list[float]]:
    took: dict[str, list[float]] = {way: [] for way in ways}
    names = list(ways)
    for number in range(rounds):
        first = number % len(names)
        for name in (*names[first:], *names[:first]):
            since = time.perf_counter()
            answer = ways[name]()
            took[name].append(time.perf_counter() - since)
            answer.raise_for_status()
            time.sleep(pause_seconds)
    return took


def _figures(took: Sequence[float], node: Sequence[float]) -> dict[str, Any]:
    quarter, median, _ = statistics.quantiles(took, n=4, method="inclusive")
    node_quarter, node_median, _ = statistics.quantiles(node, n=4, method="inclusive")
    return {
        "medianMilliseconds": round(median * 1000, 1),
        "lowerQuartileMilliseconds": round(quarter * 1000, 1),
        "medianByNode": round(median / node_median, 2),
        "lowerQuartileByNode": round(quarter / node_quarter, 2),
    }


def _show(results: Mapping[str, Any]) -> None:
    table = Table("POST /orders", "median, ms", "÷ Node", "lower quartile, ms", "÷ Node", box=None)
    for way in results["ways"]:
        table.add_row(
            way["way"],
            f"{way['medianMilliseconds']:.1f}",
            f"{way['medianByNode']:.2f}",
            f"{way['lowerQuartileMilliseconds']:.1f}",
            f"{way['lowerQuartileByNode']:.2f}",
        )
    console = Console(highlight=False)
    console.print(table)
    console.print(f"To reach: a median of at most {results['target']} times Node's, without a key.")


if __name__ == "__main__":
    main()
