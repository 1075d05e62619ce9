"""What growth does at several rates, and the same as a document for programs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from devtools.growth import facts as growth_facts
from devtools.growth import headroom, order_path
from devtools.growth.facts import Facts
from devtools.growth.headroom import Headroom
from devtools.growth.order_path import OrderPath, Templates
from devtools.growth.simulation import Outcome, Simulation, percentile
from stagectl.costs import order_use
from stagectl.costs.order_use import Consumption

STAGE = "prod"
RATES = (10, 1000, 100_000)
SEED = 1
_ORDERS = {10: 300, 1000: 3000}
_MOST_ORDERS = 8000


@dataclass(frozen=True)
class AtRate:
    """What growth to a rate does: the limits, those met first at the top, and the simulated orders."""

    orders_per_minute: int
    limits: Sequence[Headroom]
    outcome: Outcome
    changes: Mapping[str, int]
    changed: Outcome | None


@dataclass(frozen=True)
class Compared:
    """From the answer to the order that shows as notified: median and 99th percentile in seconds."""

    orders_per_second: int
    measured: tuple[float, float]
    simulated: tuple[float, float]


def compare(templates: Templates, measurements: Path) -> list[Compared]:
    """Return measured times of the local stage beside simulated ones, at rates that it kept up with."""
    facts = growth_facts.read()
    path = order_path.read(templates, order_use.read(measurements), facts)
    rates = json.loads(measurements.read_text(encoding="utf-8"))["timeToNotified"]["rates"]
    found = []
    for row in rates:
        if row["keepsUp"]:
            run = Simulation(path, facts, shards=1, seed=SEED, is_local=True)
            marked = run.run(row["ordersPerSecond"] * 60, row["sent"]).marked_seconds
            after = row["notifiedAfterMilliseconds"]
            measured = (after["median"] / 1000, after["p99"] / 1000)
            found.append(
                Compared(row["ordersPerSecond"], measured, (percentile(marked, 50), percentile(marked, 99)))
            )
    return found


def examine(templates: Templates, consumption: Consumption, rates: Sequence[int] = ()) -> list[AtRate]:
    """Return what growth to each rate of orders a minute does.

    Args:
        templates: Compiled templates of production by stack.
        consumption: What the benchmark of orders measured.
        rates: Orders a minute; RATES when empty.
    """
    facts = growth_facts.read()
    path = order_path.read(templates, consumption, facts)
    return [_at(path, facts, rate) for rate in rates or RATES]


def _at(path: OrderPath, facts: Facts, rate: int) -> AtRate:
    shards = headroom.shards(path, facts, rate)

    def simulated(changed: OrderPath) -> Outcome:
        return Simulation(changed, facts, shards=shards, seed=SEED).run(rate, _ORDERS.get(rate, _MOST_ORDERS))

    changes = facts.changes.get(rate, {})
    return AtRate(
        rate,
        headroom.all_of(path, facts, rate),
        simulated(path),
        changes,
        simulated(path.changed(changes)) if changes else None,
    )


def document(examined: Sequence[AtRate], consumption: Consumption) -> dict[str, Any]:
    """Return the report for programs."""
    return {
        "stage": STAGE,
        "measuredAt": consumption.measured_at,
        "rates": [
            {
                "ordersPerMinute": one.orders_per_minute,
                "limits": [asdict(limit) | {"times": limit.times} for limit in one.limits],
                "simulated": _figures(one.outcome),
                "changes": dict(one.changes),
                "simulatedWithChanges": _figures(one.changed) if one.changed else None,
            }
            for one in examined
        ],
    }


def _figures(outcome: Outcome) -> dict[str, Any]:
    return {
        "orders": outcome.orders,
        "refused": outcome.refused,
        "notified": len(outcome.seconds),
        "secondsToNotified": {f"p{one}": round(percentile(outcome.seconds, one), 3) for one in (50, 95, 99)},
        "consumers": {
            name: {"mostWaiting": one.deepest, "mostBatchesAtOnce": one.busiest, "leftAtTheEnd": one.left}
            for name, one in outcome.stations.items()
        },
    }
