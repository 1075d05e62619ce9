"""The command that tells what orders cost."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from stagectl import console, measured_consumption, order_cost, prices
from stagectl.checkout import Checkout
from stagectl.commands.options import AsJson
from stagectl.measured_consumption import Consumption
from stagectl.order_cost import ASSUMPTIONS, CostLine, OrderCost
from stagectl.prices import Price, PriceList

MILLION = 1_000_000
PER: dict[float, str] = {1: "", MILLION: " / M"}


def register(app: typer.Typer) -> None:
    """Add the command to an app."""
    app.command(rich_help_panel="Stages")(cost)


def cost(
    *,
    orders: Annotated[int, typer.Option("--orders", min=1, metavar="N", help="How many orders.")] = MILLION,
    measured: Annotated[
        Path | None,
        typer.Option(
            "--measured",
            metavar="FILE",
            help="What one order uses.  \\[default: the benchmark's committed result]",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell what orders cost on AWS, from what an order was measured to use and the dated list of prices.

    For example:

        stagectl cost

        stagectl cost --orders 50000 --json
    """
    consumption = measured_consumption.read(measured or Checkout.of_this_file().order_measurements)
    price_list = prices.read()
    costs = order_cost.cost_of(orders, consumption, price_list)
    if as_json:
        console.result(json.dumps(_document(costs, consumption, price_list), indent=2))
        return
    _show(costs, price_list)
    console.result(f"Prices of {price_list.date}, {price_list.region}, as published: check them.")
    console.result(
        f"One order's use was measured on {consumption.measured_at} over {consumption.orders} orders."
    )
    for assumption in ASSUMPTIONS:
        console.result(f"- {assumption}")


def _show(costs: OrderCost, price_list: PriceList) -> None:
    table = Table(box=None, pad_edge=False, title=f"{costs.orders:,} orders", title_justify="left")
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
    return (f"  {price.name}", f"{line.amount / costs.orders:.4g}", each, *_money(line.usd, costs))


def _money(usd: float, costs: OrderCost) -> tuple[str, str]:
    return f"{usd:,.2f}", f"{usd / costs.usd:.0%}" if costs.usd else "-"


def _document(costs: OrderCost, consumption: Consumption, price_list: PriceList) -> dict[str, object]:
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
        "assumptions": ASSUMPTIONS,
    }
