"""The simulated way of an order, with numbers that can be checked by hand."""

from dataclasses import replace

import pytest

from devtools.growth import facts, headroom
from devtools.growth.order_path import Consumer, OrderPath
from devtools.growth.simulation import NOTED, OUTBOX, RESTAURANT, Outcome, Simulation, percentile


def consumer(name: str, *, concurrency: int = 2, seconds: float = 0.01, is_stream: bool = False) -> Consumer:
    return Consumer(name, 10, 0, concurrency, seconds, is_stream, is_stream, 1)


def path(*, seconds: float = 0.01, window_seconds: float = 0) -> OrderPath:
    consumers = (
        consumer(OUTBOX, is_stream=True),
        replace(consumer(RESTAURANT, seconds=seconds), window_seconds=window_seconds),
        consumer(NOTED),
    )
    return OrderPath(
        consumers={one.name: one for one in consumers},
        throttles={
            "POST /orders": (100, 50),
            "POST /restaurants/search": (300, 300),
            "every route": (1000, 500),
        },
        place_seconds=0.02,
        parameter_reads={"place-order": 0.01},
        function_seconds={"place-order": 0.02, RESTAURANT: 0.01},
        deliveries=2,
        uses={
            ("route of orders-local-place-order", "api-gateway-rest-request"): 1,
            ("route of restaurants-local-search-restaurants", "api-gateway-rest-request"): 1,
            ("route of restaurants-local-get-restaurants", "api-gateway-rest-request"): 1,
            ("event order_placed", "eventbridge-custom-event"): 1,
            ("topic", "sns-publish"): 1,
            ("table orders-local", "dynamodb-write-request-unit"): 4,
            ("index orders-by-restaurant", "dynamodb-write-request-unit"): 4,
        },
    )


def simulated(way: OrderPath, rate: float, orders: int = 500, *, is_local: bool = True) -> Outcome:
    return Simulation(way, facts.read(), shards=1, seed=1, is_local=is_local).run(rate * 60, orders)


def test_an_order_that_meets_no_other_takes_as_long_as_its_steps() -> None:
    found = simulated(path(), rate=0.1)
    assert percentile(found.seconds, 50) == pytest.approx(0.02 + 0.01 + 0.01)
    assert percentile(found.marked_seconds, 50) == pytest.approx(0.01 + 0.01 + 0.01)


def test_the_same_seed_has_the_same_outcome() -> None:
    assert simulated(path(), 20, is_local=False).seconds == simulated(path(), 20, is_local=False).seconds


def test_more_messages_than_a_consumer_can_take_wait_longer_and_longer() -> None:
    # Two at once, each 100 ms: 20 a second.
    fits, exceeds = (simulated(path(seconds=0.1), rate) for rate in (10, 60))
    assert percentile(fits.seconds, 99) < 1
    # 500 orders in 8 s, of which 170 are notified in that time.
    assert exceeds.stations[RESTAURANT].deepest == pytest.approx(330, rel=0.2)
    assert percentile(exceeds.seconds, 95) > 10


def test_orders_above_the_limit_of_their_route_are_refused() -> None:
    # 1,000 orders in 5 s: 50 at once and 100 a second.
    assert 1000 - simulated(path(), 200, 1000).refused == pytest.approx(50 + 5 * 100, rel=0.1)


def test_a_batch_waits_for_its_window() -> None:
    assert percentile(simulated(path(window_seconds=1), 0.1).seconds, 50) == pytest.approx(1.04)


def test_the_limit_that_is_met_first_stands_at_the_top() -> None:
    first = headroom.all_of(path(seconds=1), facts.read(), 60)[0]
    # Two batches of ten at once, each in ten seconds.
    assert (first.name, first.demand, first.limit) == (f"messages of {RESTAURANT}", 1, 2)


def test_a_table_has_a_shard_for_each_thousand_write_units() -> None:
    known = facts.read()
    assert headroom.shards(path(), known, 60) == 4
    assert headroom.shards(path(), known, 2000 * 60) == 8
