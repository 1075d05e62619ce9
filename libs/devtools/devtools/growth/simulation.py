"""The way of an order as a queueing system: place, stream, outbox, bus, queue, restaurant."""

import math
import random
import statistics
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Any

import simpy

from devtools.growth.facts import Facts, Latency
from devtools.growth.order_path import Consumer, OrderPath

OUTBOX, RESTAURANT, NOTED = "publish-order-events", "notify-restaurant", "mark-order-notified"
_Z_99 = statistics.NormalDist().inv_cdf(0.99)
_CENTILES = 100

Steps = Generator[simpy.Event, Any, None]


@dataclass
class Station:
    """What happened at a consumer: the most that waited, and the most batches at once."""

    deepest: int = 0
    busiest: int = 0
    left: int = 0
    _busy: int = field(default=0, repr=False)

    def begin(self) -> None:
        """Count one more batch at work."""
        self._busy += 1
        self.busiest = max(self.busiest, self._busy)

    def end(self) -> None:
        """Count one batch less."""
        self._busy -= 1


@dataclass(frozen=True)
class Outcome:
    """What came of simulated orders.

    Attributes:
        orders: How many customers ordered.
        refused: How many of them got 429.
        seconds: From request to notified restaurant, of those who were notified.
        marked_seconds: From the answer to the order that says so.
        stations: By consumer.
    """

    orders: int
    refused: int
    seconds: Sequence[float]
    marked_seconds: Sequence[float]
    stations: dict[str, Station]


def percentile(seconds: Sequence[float], percent: int) -> float:
    """Return a percentile of some durations."""
    return statistics.quantiles(seconds, n=_CENTILES, method="inclusive")[percent - 1]


class Simulation:
    """One run.

    Args:
        path: The way of an order.
        facts: Latencies and the stream.
        shards: Shards of the stream.
        seed: What all randomness begins with.
        is_local: Whether nothing passes between two steps, as on one machine.
    """

    def __init__(
        self, path: OrderPath, facts: Facts, *, shards: int, seed: int, is_local: bool = False
    ) -> None:
        self._path, self._facts, self._is_local = path, facts, is_local
        self._random = random.Random(seed)  # noqa: S311, repeatable on purpose
        self._env = simpy.Environment()
        self._stores = {name: [simpy.Store(self._env)] for name in (RESTAURANT, NOTED)}
        self._stores[OUTBOX] = [simpy.Store(self._env) for _ in range(1 if is_local else shards)]
        self._stations = {name: Station() for name in self._stores}
        self._seconds: list[float] = []
        self._marked: list[float] = []
        self._refused = 0

    def run(self, orders_per_minute: float, orders: int) -> Outcome:
        """Let customers order at random moments, and return once the last has, and a minute for the rest."""
        rate = orders_per_minute / 60
        for name, stores in self._stores.items():
            consumer = self._path.consumers[name]
            for store in stores:
                for _ in range(consumer.concurrency):
                    self._env.process(self._work(consumer, store))
        self._env.process(self._arrive(rate, orders))
        self._env.run(until=orders / rate + 60)
        for name, stores in self._stores.items():
            self._stations[name].left = sum(len(store.items) for store in stores)
        return Outcome(orders, self._refused, self._seconds, self._marked, self._stations)

    def _arrive(self, rate: float, orders: int) -> Steps:
        most, burst = self._path.throttles["POST /orders"]
        tokens, last = burst, 0.0
        for _ in range(orders):
            yield self._env.timeout(self._random.expovariate(rate))
            tokens, last = min(burst, tokens + (self._env.now - last) * most), self._env.now
            if tokens < 1:
                self._refused += 1
                continue
            tokens -= 1
            placed = self._path.place_seconds * self._factor()
            self._send(OUTBOX, [(self._env.now, self._env.now + placed)], placed)

    def _work(self, consumer: Consumer, store: simpy.Store) -> Steps:
        station = self._stations[consumer.name]
        while True:
            was_idle = not store.items
            batch = [(yield store.get())]
            if was_idle and consumer.is_stream and not self._is_local:
                yield self._env.timeout(self._random.uniform(0, self._facts.stream.poll_seconds))
            if consumer.window_seconds and len(store.items) < consumer.batch_size:
                yield self._env.timeout(consumer.window_seconds)
            station.deepest = max(station.deepest, len(store.items) + 1)
            batch += store.items[: consumer.batch_size - 1]
            del store.items[: consumer.batch_size - 1]
            station.begin()
            factor = self._factor()
            if consumer.is_together:
                yield self._env.timeout(consumer.seconds * factor)
                self._done(consumer, batch)
            else:
                for message in batch:
                    yield self._env.timeout(consumer.seconds * factor)
                    self._done(consumer, [message])
            station.end()

    def _done(self, consumer: Consumer, batch: list[tuple[float, float]]) -> None:
        latencies = self._facts.latencies
        hop = 0.0 if self._is_local else self._sample(latencies.bus) + self._sample(latencies.queue)
        if consumer.name == OUTBOX:
            self._send(RESTAURANT, batch, hop)
        elif consumer.name == RESTAURANT:
            self._seconds += [self._env.now - arrived for arrived, _ in batch]
            self._send(NOTED, batch, hop)
        else:
            self._marked += [self._env.now - answered for _, answered in batch]

    def _send(self, to: str, batch: list[tuple[float, float]], delay: float) -> None:
        def deliver() -> Steps:
            yield self._env.timeout(delay)
            store = self._random.choice(self._stores[to])
            for message in batch:
                store.put(message)

        self._env.process(deliver())

    def _factor(self) -> float:
        return 1.0 if self._is_local else self._sample(self._facts.latencies.invocation)

    def _sample(self, latency: Latency) -> float:
        sigma = math.log(latency.p99 / latency.median) / _Z_99
        return self._random.lognormvariate(math.log(latency.median), sigma)
