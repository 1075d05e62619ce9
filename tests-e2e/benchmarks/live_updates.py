"""Measures how long a customer's page takes to show an answer, at one order per second.

Run from the repository root, with STAGE and AWS_* as for the suite:

    PYTHONPATH=tests-e2e .venv/bin/python -m benchmarks.live_updates
"""

import argparse
import statistics
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import closing, suppress

import websocket

from benchmarks.measured_results import Target, show, target_lines
from drivers.over_http import OverHttp
from steps import given
from steps.shop import catalogue, then, when
from steps.shop.live_page import LivePage, a_connected_page
from steps.shop.staff import staff_of
from support.stage import stage_under_test

# How many orders are placed before the first is answered; the restaurant takes as many seconds.
AHEAD = 3
TARGET_SECONDS = 1.5
GIVE_UP_SECONDS = 30


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--orders", type=int, default=120, help="orders, one per second (default: 120)")
    arguments = parser.parse_args()
    stage = stage_under_test()
    with (
        given.a_signed_in_user(stage) as customer,
        given.a_signed_in_user(stage, [catalogue.RESTAURANT_ADMINS]) as admin,
        closing(OverHttp(stage)) as driver,
        staff_of(driver, admin, catalogue.A_RESTAURANT, admin) as restaurant,
    ):
        told = measure(driver, customer, restaurant, arguments.orders)
    taken = sorted(told.values())
    p95 = statistics.quantiles(taken, n=20)[-1]
    show(
        [
            f"{len(taken)} answers at one order per second, from the tap to the page's list",
            f"  median {statistics.median(taken):.3f} s, p95 {p95:.3f} s, longest {taken[-1]:.3f} s",
        ]
    )
    show(target_lines([Target("from a tap on accept to the page, p95, s", p95, at_most=TARGET_SECONDS)]))


def measure(driver: OverHttp, customer: given.User, restaurant: given.User, count: int) -> dict[str, float]:
    """Return by order how long it took from sending the answer until the page had fetched it."""
    tapped: dict[str, float] = {}
    shown: dict[str, float] = {}
    done = threading.Event()

    def look() -> None:
        page = then.it_shows_orders(when.a_user_lists_orders(driver, customer.id_token))
        for order in page.orders:
            if order.state == "accepted":
                shown.setdefault(str(order.orderId), time.monotonic())

    with a_connected_page(driver, customer.id_token) as page:
        page.socket.settimeout(1)
        watching = threading.Thread(target=_watch, args=(page, look, done))
        watching.start()
        waiting: deque[str] = deque()
        started = time.monotonic()
        for number in range(count + AHEAD):
            time.sleep(max(0.0, started + number - time.monotonic()))
            if number < count:
                answer = when.a_customer_orders_from(driver, customer, catalogue.A_RESTAURANT)
                waiting.append(then.an_order_is_placed(answer))
            if number >= AHEAD:
                order_id = waiting.popleft()
                tapped[order_id] = time.monotonic()
                then.it_shows_an_order(
                    when.a_user_answers_an_order(driver, restaurant.id_token, order_id, "accept")
                )
        deadline = time.monotonic() + GIVE_UP_SECONDS
        while tapped.keys() - shown.keys() and time.monotonic() < deadline:
            time.sleep(0.1)
        done.set()
        watching.join()
    missing = tapped.keys() - shown.keys()
    if missing:
        raise RuntimeError(f"the page never showed {len(missing)} of {count} answers")
    return {order_id: shown[order_id] - at for order_id, at in tapped.items()}


def _watch(page: LivePage, look: Callable[[], None], done: threading.Event) -> None:
    while not done.is_set():
        with suppress(websocket.WebSocketTimeoutException):
            page.socket.recv()
            look()


if __name__ == "__main__":
    main()
