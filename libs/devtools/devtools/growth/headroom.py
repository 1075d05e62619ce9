"""Which limit is met first at a rate of orders, with the arithmetic."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from devtools.growth.facts import Facts
from devtools.growth.order_path import OrderPath

SECONDS_OF_A_MINUTE = 60


@dataclass(frozen=True)
class Headroom:
    """A limit beside the demand for it.

    Attributes:
        name: What is limited.
        demand: How much orders take of it, per second or at once.
        limit: How much there is.
        arithmetic: How the demand follows.
        source: Where the limit is from: a page of AWS, or the stage's templates.
        change: What to do when it is met.
    """

    name: str
    demand: float
    limit: float
    arithmetic: str
    source: str
    change: str

    @property
    def times(self) -> float:
        """How many times the demand fits into the limit."""
        return self.limit / self.demand


def shards(path: OrderPath, facts: Facts, orders_per_minute: float) -> int:
    """Return the shards of the orders' stream once the table has grown to a rate."""
    units = (
        path.used("dynamodb-write-request-unit", "table orders-local")
        * orders_per_minute
        / SECONDS_OF_A_MINUTE
    )
    return max(facts.stream.fewest_shards, math.ceil(units / facts.stream.write_units_of_a_partition))


def all_of(path: OrderPath, facts: Facts, orders_per_minute: float) -> list[Headroom]:
    """Return all limits, those that are met first at the top."""
    found = [
        *_routes(path, orders_per_minute / SECONDS_OF_A_MINUTE),
        *_consumers(path, orders_per_minute / SECONDS_OF_A_MINUTE, shards(path, facts, orders_per_minute)),
        *_quotas(path, facts, orders_per_minute / SECONDS_OF_A_MINUTE),
    ]
    return sorted(found, key=lambda one: one.times)


def _routes(path: OrderPath, rate: float) -> Iterator[Headroom]:
    for route, parameter, resource in (
        ("POST /orders", "ordersPerSecond", "place-order"),
        ("POST /restaurants/search", "searchesPerSecond", "search-restaurants"),
        ("every route", "requestsPerSecond", "get-restaurants"),
    ):
        used = path.used("api-gateway-rest-request", resource)
        yield Headroom(
            f"limit of {route}",
            used * rate,
            path.throttles[route][0],
            f"{used:g} × {rate:,.4g} orders/s",
            f"`{parameter}`",
            f"Raise `{parameter}` and its burst.",
        )


def _consumers(path: OrderPath, rate: float, shard_count: int) -> Iterator[Headroom]:
    for one in path.consumers.values():
        parameter = "outboxParallelization" if one.is_stream else "queueConcurrency"
        batches = f"{shard_count} shards × {one.concurrency}" if one.is_stream else f"{one.concurrency}"
        yield Headroom(
            f"messages of {one.name}",
            one.messages * rate,
            one.per_second(shard_count),
            f"{one.messages:g} × {rate:,.4g} orders/s; limit: {batches} batches of {one.batch_size} in "
            f"{one.batch_seconds(one.batch_size) * 1000:,.0f} ms",
            f"`{parameter}`",
            f"Raise `{parameter}`.",
        )


def _quotas(path: OrderPath, facts: Facts, rate: float) -> Iterator[Headroom]:
    concurrency = sum(path.function_seconds.values())
    indexed = path.used("dynamodb-write-request-unit", "index orders-by-restaurant")
    per_order = {
        "api requests": path.used("api-gateway-rest-request"),
        "concurrent executions": concurrency,
        "events put": path.used("eventbridge-custom-event"),
        "events delivered": path.deliveries,
        "messages published": path.used("sns-publish"),
        "write units of a table": path.used("dynamodb-write-request-unit", "table orders-local"),
        "write units of a restaurant": indexed * facts.customers.busiest_restaurant,
        "sign-ins": facts.customers.sign_ins,
        "pages connected": facts.customers.pages,
    }
    for name, quota in facts.quotas.items():
        if name in per_order:
            demand, arithmetic = per_order[name] * rate, f"{per_order[name]:.4g} × {rate:,.4g} orders/s"
        else:
            demand = sum(
                math.ceil(path.function_seconds[function] * rate) * reads
                for function, reads in path.parameter_reads.items()
                if function in path.function_seconds
            )
            arithmetic = "parameters of each environment ÷ `parametersMaxAgeSeconds`"
        yield Headroom(name, demand, quota.most, arithmetic, quota.source, quota.change)
