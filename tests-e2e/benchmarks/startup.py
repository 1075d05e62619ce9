"""Measures a deployed stage and prints a table: package sizes, memory, warm latency, one re-deployment.

Run from the repository root, with STAGE and AWS_* as for the suite:

    PYTHONPATH=tests-e2e .venv/bin/python -m benchmarks.startup
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import psutil

from benchmarks.changed_service import a_changed_service
from benchmarks.cold_start.packages import size_without_boto3
from drivers.exchange import Answer
from drivers.over_http import OverHttp
from steps import given
from steps.shop import catalogue, then, when
from support.stage import REPOSITORY, Stage, stage_under_test

MEGABYTE = 1_000_000
CHANGED_SERVICE = "orders"

Route = tuple[str, Callable[[], Answer]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=100, help="requests to each route (default: 100)")
    parser.add_argument("--no-redeploy", action="store_true", help="leave the deployed services alone")
    arguments = parser.parse_args()

    stage = stage_under_test()
    _print("Bundles, zipped, without boto3", _bundle_sizes())
    with given.a_signed_in_user(stage, [catalogue.RESTAURANT_ADMINS]) as user:
        driver = OverHttp(stage)
        routes = list(_routes(driver, user))
        _print(
            f"Warm latency over HTTP, {arguments.rounds} requests each", _latencies(routes, arguments.rounds)
        )
        driver.close()
    if stage.is_emulator:
        _print("Memory after that, resident", [_memory()])
    if not arguments.no_redeploy:
        _print(f"Re-deployment of {CHANGED_SERVICE}", _redeployments(stage))


def _print(title: str, rows: list[tuple[str, str]]) -> None:
    width = max(len(name) for name, _ in rows)
    lines = [f"  {name:<{width}}  {value}" for name, value in rows]
    sys.stdout.write("\n".join([title, *lines, "", ""]))
    sys.stdout.flush()


def _bundle_sizes() -> list[tuple[str, str]]:
    files = sorted(REPOSITORY.glob("services/*/.serverless/*.zip"))
    if not files:
        return [("none", "package or deploy the services from this checkout first")]
    return [(file.stem, f"{size_without_boto3(file) / MEGABYTE:.2f} MB") for file in files]


def _routes(driver: OverHttp, user: given.User) -> Iterator[Route]:
    token = user.id_token
    name, restaurant = (
        catalogue.a_new_restaurant_name(),
        {"image": catalogue.A_SEEDED_IMAGE, "themes": ["cartoon"]},
    )
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, user, catalogue.A_RESTAURANT))
    yield "GET /", lambda: when.a_visitor_opens_the_landing_page(driver)
    yield "GET /assets/{file}", lambda: when.a_visitor_loads_an_asset(driver, catalogue.A_SEEDED_IMAGE)
    yield "GET /restaurants", lambda: when.a_service_lists_restaurants(driver)
    yield "POST /restaurants/search", lambda: when.a_user_searches(driver, token, {"theme": "cartoon"})
    yield "PUT /restaurants/{name}", lambda: when.a_user_puts_a_restaurant(driver, token, name, restaurant)
    yield "POST /orders", lambda: when.a_customer_orders_from(driver, user, catalogue.A_RESTAURANT)
    yield "GET /orders", lambda: when.a_user_lists_orders(driver, token)
    yield "GET /orders/{orderId}", lambda: when.a_user_gets_an_order(driver, token, order_id)
    # Last, since it takes away what the others need; from the second time on there is none.
    yield "DELETE /restaurants/{name}", lambda: when.a_user_deletes_a_restaurant(driver, token, name)


def _latencies(routes: list[Route], rounds: int) -> list[tuple[str, str]]:
    for _, call in routes:
        call()
    return [(name, _percentiles([_milliseconds(call) for _ in range(rounds)])) for name, call in routes]


def _milliseconds(call: Callable[[], Answer]) -> float:
    since = time.perf_counter()
    answer = call()
    took = (time.perf_counter() - since) * 1000
    if answer.status >= 500:
        raise SystemExit(f"{answer.request.method} {answer.request.target} answered {answer.status}")
    return took


def _percentiles(samples: list[float]) -> str:
    cuts = statistics.quantiles(samples, n=100, method="inclusive")
    return f"p50 {cuts[49]:6.1f} ms   p99 {cuts[98]:6.1f} ms"


def _memory() -> tuple[str, str]:
    port = urlsplit(os.environ["AWS_ENDPOINT_URL"]).port
    emulator = next(
        psutil.Process(connection.pid)
        for connection in psutil.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
        and getattr(connection.laddr, "port", None) == port
        and connection.pid
    )
    workers = emulator.children(recursive=True)
    total = sum(process.memory_info().rss for process in [emulator, *workers])
    return f"emulator and {len(workers)} workers", f"{total / MEGABYTE:.0f} MB"


def _redeployments(stage: Stage) -> list[tuple[str, str]]:
    with a_changed_service(CHANGED_SERVICE):
        changed = _deploy(stage)
    return [("changed", f"{changed:.1f} s"), ("changed back", f"{_deploy(stage):.1f} s")]


def _deploy(stage: Stage) -> float:
    since = time.perf_counter()
    subprocess.run(
        [str(REPOSITORY / "node_modules" / ".bin" / "sls"), "deploy", "--stage", stage.name],
        cwd=REPOSITORY / "services" / CHANGED_SERVICE,
        env={"SLS_AWS_MONITORING_FREQUENCY": "300", **os.environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - since


if __name__ == "__main__":
    main()
