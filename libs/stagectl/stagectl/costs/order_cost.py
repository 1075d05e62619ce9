"""Compute the cost of orders on AWS."""

from collections.abc import Sequence
from dataclasses import dataclass

from stagectl.costs.order_use import Consumption, Use
from stagectl.costs.prices import PriceList

STANDING_ASSUMPTIONS = (
    "The standing cost is keys, alarms, dashboards, snapshots, and Lambda's polling of empty queues.",
    "Each function that starts from a snapshot is restored once an hour, and one version of it is kept.",
    "Custom metrics, stored logs and artifacts, and point-in-time recovery are not counted.",
)
ASSUMPTIONS = (
    "For each order, the page is opened once, with its files cached by the browser, and searched once.",
    "Each order is placed once and answered in time by its restaurant, and its customer is notified.",
    "Orders come one at a time, so each batch holds one; with larger batches, Lambda and SQS cost less.",
    "Lambda is always warm, as fast as on the measured machine, with the configured memory.",
    "Storage counts for one month; point-in-time recovery, archived events and old logs are not counted.",
    "Not counted: idle polling, retries, alarms, keys, Cognito, data transfer, preflights, reading orders.",
)


@dataclass(frozen=True)
class CostLine:
    """The cost of one unit for some orders.

    Attributes:
        component: The AWS service.
        unit: What is counted.
        amount: How many, for all orders together.
        usd_by_phase: US dollars by phase of an order's life.
    """

    component: str
    unit: str
    amount: float
    usd_by_phase: dict[str, float]

    @property
    def usd(self) -> float:
        """US dollars in all."""
        return sum(self.usd_by_phase.values())


@dataclass(frozen=True)
class OrderCost:
    """What orders cost, line by line; the most expensive component comes first."""

    orders: int
    lines: Sequence[CostLine]

    @property
    def usd(self) -> float:
        """US dollars in all."""
        return sum(line.usd for line in self.lines)

    @property
    def usd_by_component(self) -> dict[str, float]:
        """US dollars by AWS service, in the order of the lines."""
        costs: dict[str, float] = {}
        for line in self.lines:
            costs[line.component] = costs.get(line.component, 0) + line.usd
        return costs


def cost_of(
    orders: int, consumption: Consumption, price_list: PriceList, standing: Sequence[Use] = ()
) -> OrderCost:
    """Return the cost of a number of orders, with a standing cost.

    Args:
        orders: How many orders.
        consumption: What each uses.
        price_list: The prices.
        standing: Use that does not depend on the number of orders.

    Raises:
        StagectlError: A used unit has no price.
    """
    amounts: dict[str, float] = {}
    costs: dict[str, dict[str, float]] = {}
    used = [(use, use.per_order * orders) for use in consumption.uses if orders]
    for use, amount in [*used, *((use, use.per_order) for use in standing)]:
        amounts[use.unit] = amounts.get(use.unit, 0) + amount
        phases = costs.setdefault(use.unit, {})
        phases[use.phase] = phases.get(use.phase, 0) + price_list.price(use.unit).of(amount)
    lines = [
        CostLine(price_list.price(unit).component, unit, amounts[unit], phases)
        for unit, phases in costs.items()
    ]
    total = OrderCost(orders, lines).usd_by_component
    lines.sort(key=lambda line: (-total[line.component], line.component, -line.usd))
    return OrderCost(orders, lines)
