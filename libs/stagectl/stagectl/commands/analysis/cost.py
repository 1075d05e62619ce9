"""Estimate what orders and stages cost."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from stagectl import aws
from stagectl.checkout import Checkout, facts
from stagectl.commands import completion
from stagectl.commands.options import AsJson, OnEmulator
from stagectl.costs import order_cost, order_use, prices, standing_cost
from stagectl.costs.order_cost import ASSUMPTIONS, STANDING_ASSUMPTIONS, CostLine, OrderCost
from stagectl.costs.order_use import NOTHING, Consumption, Use
from stagectl.costs.prices import Price, PriceList
from stagectl.errors import StagectlError, UsageError
from stagectl.stacks.stack_states import StackStates
from stagectl.stacks.stage import Stage
from stagectl.stages import lifecycle
from stagectl.stages.orders import ORDERS
from stagectl.terminal import console, json_document

MILLION = 1_000_000
PER: dict[float, str] = {1: "", MILLION: " / M"}


def cost(
    *,
    stage: Annotated[
        str | None,
        typer.Option(
            "--stage",
            "-s",
            metavar="NAME",
            autocompletion=completion.stages,
            help="Include the standing cost of this stage.",
        ),
    ] = None,
    days: Annotated[
        float, typer.Option("--days", min=0, metavar="N", help="With --stage: number of days.")
    ] = standing_cost.DAYS_OF_A_MONTH,
    orders: Annotated[
        int | None,
        typer.Option(
            "--orders",
            min=0,
            metavar="N",
            help="Number of orders.  \\[default: a million; with --stage, those in its table]",
            hidden=ORDERS not in facts.SERVICES,
        ),
    ] = None,
    measured: Annotated[
        Path | None,
        typer.Option(
            "--measured",
            metavar="FILE",
            help="Measured use of an order.  \\[default: the benchmark's committed result]",
            hidden=ORDERS not in facts.SERVICES,
        ),
    ] = None,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Estimate what orders and stages cost on AWS, from the measured use of an order and a dated price list.

    With --stage, the standing cost of that stage is included, computed from the resources of its stacks.
    Without the service orders it is all there is.

    For example:

        stagectl cost

        stagectl cost --orders 50000 --json

        stagectl cost --stage feature/new-menu --days 3
    """
    checkout = Checkout.here()
    takes_orders = ORDERS in facts.SERVICES
    if not takes_orders and stage is None:
        raise UsageError("There are no orders here, and only stages have a standing cost: pass --stage NAME.")
    consumption = order_use.read(measured or checkout.order_measurements) if takes_orders else NOTHING
    price_list = prices.read()
    standing: list[Use] = []
    if stage is not None:
        resolved = lifecycle.find(checkout, stage, use_emulator=emulator)
        lifecycle.enter_deployed(resolved)
        standing = _standing(resolved, days)
        orders = (_orders_held(resolved.name) if orders is None else orders) if takes_orders else 0
    costs = order_cost.cost_of(MILLION if orders is None else orders, consumption, price_list, standing)
    assumptions = [*(STANDING_ASSUMPTIONS if stage else ()), *(ASSUMPTIONS if takes_orders else ())]
    if as_json:
        document = _document(costs, consumption, price_list, assumptions)
        about: dict[str, object] = {"stage": stage, "days": days} if stage else {}
        console.result(json_document.text(document | about))
        return
    _show(costs, price_list, f"stage {stage} for {days:g} days, " if stage else "")
    console.result(
        f"Prices of {price_list.date}, {price_list.region}, as published. Check them before you rely on them."
    )
    if takes_orders:
        console.result(
            f"One order's use was measured on {consumption.measured_at} over {consumption.orders} orders."
        )
    for assumption in assumptions:
        console.result(f"- {assumption}")


def _standing(stage: Stage, days: float) -> list[Use]:
    states = StackStates.of(stage.target)
    found = [stack.on_stage(stage.name) for stack in stage.stacks.values()]
    found = [name for name in found if states.find(name)]
    if not found:
        raise StagectlError(
            f"Stage {stage.name} has no stacks. Deploy it first: stagectl up --stage {stage.name}."
        )
    return [
        use
        for name in found
        for use in standing_cost.of_stack(name, states.resources(name), states.template(name), days)
    ]


def _orders_held(stage: str) -> int:
    """Return the number of orders in a stage's table; DynamoDB updates it every few hours."""
    dynamodb = aws.session().client("dynamodb")
    try:
        return dynamodb.describe_table(TableName=f"orders-{stage}")["Table"].get("ItemCount", 0)
    except dynamodb.exceptions.ResourceNotFoundException:
        return 0  # a partial preview may take its orders to another stage's


def _show(costs: OrderCost, price_list: PriceList, about: str) -> None:
    title = f"{about}{costs.orders:,} orders"
    table = Table(box=None, pad_edge=False, title=title, title_justify="left")
    table.add_column("component", no_wrap=True)
    for heading in ("per order", "USD each", "USD", "share"):
        table.add_column(heading, justify="right", no_wrap=True)
    for component, usd in costs.usd_by_component.items():
        table.add_row(component, "", "", *_money(usd, costs), style="bold")
        for line in costs.lines:
            if line.component == component:
                table.add_row(*_figures(line, costs, price_list.price(line.unit)))
    table.add_row("total", "", "", *_money(costs.usd, costs), style="bold")
    console.out.print(table)


def _figures(line: CostLine, costs: OrderCost, price: Price) -> tuple[str, ...]:
    each = f"{price.usd:g}{PER.get(price.per, f' / {price.per:,.0f}')}"
    is_standing = set(line.usd_by_phase) == {standing_cost.PHASE}
    per_order = f"{line.amount / costs.orders:.4g}" if costs.orders and not is_standing else ""
    return (f"  {price.name}", per_order, each, *_money(line.usd, costs))


def _money(usd: float, costs: OrderCost) -> tuple[str, str]:
    return f"{usd:,.2f}", f"{usd / costs.usd:.0%}" if costs.usd else "-"


def _document(
    costs: OrderCost, consumption: Consumption, price_list: PriceList, assumptions: Sequence[str]
) -> dict[str, object]:
    return {
        "orders": costs.orders,
        "usd": round(costs.usd, 2),
        "usdByComponent": {name: round(usd, 2) for name, usd in costs.usd_by_component.items()},
        "lines": [
            {
                "component": line.component,
                "unit": line.unit,
                "amount": line.amount,
                "usd": round(line.usd, 2),
                "usdByPhase": {phase: round(usd, 2) for phase, usd in line.usd_by_phase.items()},
                "source": price_list.price(line.unit).source,
            }
            for line in costs.lines
        ],
        "pricesOf": price_list.date,
        "region": price_list.region,
        "measuredAt": consumption.measured_at,
        "assumptions": assumptions,
    }
