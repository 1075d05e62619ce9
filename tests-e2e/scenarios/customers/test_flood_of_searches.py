"""A flood of one route leaves the others alone."""

import os
import statistics

import pytest

from load.flood import Flood, measure
from steps import given
from support.stage import Stage

SECONDS = float(os.environ.get("FLOOD_SECONDS", "0"))

pytestmark = [
    pytest.mark.about("orders"),
    pytest.mark.http_only,
    pytest.mark.skipif(
        not SECONDS,
        reason="it needs the machine to itself: npm run test:night, or FLOOD_SECONDS=20 npm test -- -k flood",
    ),
]

TIMES_ITS_LIMIT = 5
SLOWER = 1.5
# What a busy machine adds to a few milliseconds says nothing about a flood.
NOISE_SECONDS = 0.05


@pytest.fixture(scope="module")
def flood(stage: Stage) -> Flood:
    """What comes of a flood of searches, and of orders before and during it."""
    limit = stage.quotas("restaurants")["search-restaurants"]["requestsPerSecond"]
    with (
        given.a_signed_in_user(stage) as one,
        given.a_signed_in_user(stage) as another,
        given.a_signed_in_user(stage) as third,
    ):
        return measure(
            stage.service_url("orders"),
            stage.service_url("restaurants"),
            [one, another, third],
            searches_per_second=TIMES_ITS_LIMIT * limit,
            seconds=SECONDS,
        )


def p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20, method="inclusive")[-1]


@pytest.mark.timeout(240)
def test_orders_are_as_fast_during_a_flood_of_searches_as_in_quiet(flood: Flood) -> None:
    assert set(flood.quiet.statuses) == {200}
    assert set(flood.during.statuses) == {200}
    assert p95(flood.during.seconds) <= SLOWER * p95(flood.quiet.seconds) + NOISE_SECONDS


@pytest.mark.timeout(240)
def test_searches_above_the_limit_of_their_route_get_429_with_retry_after(flood: Flood, stage: Stage) -> None:
    limits = stage.quotas("restaurants")["search-restaurants"]
    # On a machine that is too busy to send so many, none of them exceeds the limit.
    let_through = limits["burst"] + limits["requestsPerSecond"] * flood.lasted_seconds
    statuses = flood.searches.statuses

    assert set(statuses) <= {200, 429}
    assert statuses[200] <= let_through
    assert statuses[429] >= statuses.total() - let_through
    assert flood.searches.without_pause == 0
