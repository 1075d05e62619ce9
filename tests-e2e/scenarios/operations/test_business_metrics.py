"""What happens to orders leaves metrics in the log, from which CloudWatch makes them (EMF)."""

import json
import time
from typing import Any

import pytest

from drivers.exchange import Driver
from steps.given import User
from steps.shop import catalogue, then, when
from steps.shop.catalogue import A_RESTAURANT
from support.polling import until
from support.stage import Stage

# It reads logs, which only the owner of an account may.
pytestmark = [
    pytest.mark.about("orders"),
    pytest.mark.http_only,
    pytest.mark.emulator_only,
    pytest.mark.timeout(240),
]

# Hostile input, which may have run before, leaves the outbox and the queues with hundreds of orders.
LOGGED_SECONDS = 90


class Metrics:
    """The metrics that a function has written since this object was made."""

    def __init__(self, stage: Stage, service: str, function: str) -> None:
        self._logs = stage.logs
        self._group = f"/aws/lambda/{service}-{stage.name}-{function}"
        self._since = int(time.time() * 1000)

    def count(self, name: str) -> int:
        """Return how many values of a metric there are."""
        return sum(len(document.get(name, [])) for document in self._documents())

    def values(self, name: str) -> list[float]:
        """Return the values of a metric, once there are any."""
        found = until(
            lambda: [value for document in self._documents() for value in document.get(name, [])],
            bool,
            within_seconds=LOGGED_SECONDS,
            what=f"{name} in {self._group}",
        )
        return list(found)

    def _documents(self) -> list[dict[str, Any]]:
        pages = self._logs.get_paginator("filter_log_events").paginate(
            logGroupName=self._group, startTime=self._since
        )
        lines = (event["message"] for page in pages for event in page["events"])
        return [json.loads(line) for line in lines if '"_aws"' in line and line.startswith("{")]


def a_cancelled_order_is_counted(driver: Driver, customer: User, outbox: Metrics) -> None:
    """Place an order and cancel it; whatever the table's stream had before is then counted too."""
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT))
    when.a_user_answers_an_order(driver, customer.id_token, order_id, "cancel")
    outbox.values("OrdersCancelled")


@pytest.mark.parametrize(("answer", "metric"), [("accept", "OrdersAccepted"), ("reject", "OrdersRejected")])
def test_an_order_and_its_answer_are_counted_once_though_the_answer_is_repeated(
    *, driver: Driver, stage: Stage, customer: User, restaurant_staff: User, answer: str, metric: str
) -> None:
    a_cancelled_order_is_counted(driver, customer, Metrics(stage, "orders", "publish-order-events"))
    outbox = Metrics(stage, "orders", "publish-order-events")
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT))

    for _ in range(2):
        when.a_user_answers_an_order(driver, restaurant_staff.id_token, order_id, answer)

    a_cancelled_order_is_counted(driver, customer, outbox)
    counts = {name: outbox.count(name) for name in ("OrdersPlaced", metric, "OrdersCancelled")}
    assert counts == {"OrdersPlaced": 2, metric: 1, "OrdersCancelled": 1}
    assert len(outbox.values("TimeToAnswerSeconds")) == 1


@pytest.mark.about("notifications")
def test_how_long_an_order_takes_to_its_restaurant_is_measured(
    driver: Driver, stage: Stage, customer: User
) -> None:
    notifier = Metrics(stage, "notifications", "notify-restaurant")
    then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT))
    assert all(0 < took < LOGGED_SECONDS * 1000 for took in notifier.values("TimeToNotifyMilliseconds"))


@pytest.mark.about("restaurants")
def test_a_search_without_result_is_counted(driver: Driver, stage: Stage, customer: User) -> None:
    search = Metrics(stage, "restaurants", "search-restaurants")
    assert (
        then.it_shows_restaurants(
            when.a_user_searches(driver, customer.id_token, {"theme": catalogue.a_new_theme()})
        )
        == []
    )
    assert search.values("SearchesWithoutResult")
