"""How the cost of orders is shown beside that of the usual implementation."""

from dataclasses import dataclass

from rich.table import Table

from stagectl import console
from stagectl.order_cost import OrderCost
from stagectl.usual_implementation import METHOD


@dataclass(frozen=True)
class CostBeside:
    """Two costs of the same orders.

    Attributes:
        here: What they cost.
        usual: What they would cost in the usual implementation.
        restaurants: How many its search scans.
    """

    here: OrderCost
    usual: OrderCost
    restaurants: int

    def show(self) -> None:
        """Print both, component by component."""
        title = f"\nbeside the usual implementation, at {self.restaurants:,} restaurants"
        table = Table(box=None, pad_edge=False, title=title, title_justify="left")
        table.add_column("component", no_wrap=True)
        for heading in ("USD here", "USD usual", "÷"):
            table.add_column(heading, justify="right", no_wrap=True)
        here, usual = self.here.usd_by_component, self.usual.usd_by_component
        for component in dict.fromkeys([*usual, *here]):
            table.add_row(component, *_figures(here.get(component, 0), usual.get(component, 0)))
        table.add_row("total", *_figures(self.here.usd, self.usual.usd), style="bold")
        console.out.print(table)

    def explain(self) -> None:
        """Print how that of the usual implementation was come by."""
        console.result("The usual implementation:")
        for rule in METHOD:
            console.result(f"- {rule}")

    def document(self) -> dict[str, object]:
        """Give the cost of the usual implementation as a document."""
        costs = self.usual.usd_by_component
        return {
            "restaurants": self.restaurants,
            "usd": round(self.usual.usd, 2),
            "usdByComponent": {name: round(usd, 2) for name, usd in costs.items()},
            "method": METHOD,
        }


def _figures(here: float, usual: float) -> tuple[str, str, str]:
    return f"{here:,.2f}", f"{usual:,.2f}", f"{usual / here:.2f}" if here else "-"
