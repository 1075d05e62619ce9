"""Report which quota growth meets first, and simulate the way of an order."""

from typing import Annotated

import typer

from stagectl import execution_policy
from stagectl.checkout import Checkout
from stagectl.commands.options import AsJson
from stagectl.costs import order_use
from stagectl.terminal import console, json_document


def growth(
    *,
    orders_per_minute: Annotated[
        list[int] | None,
        typer.Option(
            "--orders-per-minute",
            min=1,
            metavar="N",
            help="A rate to examine; repeatable.  \\[default: 10, 1,000 and 100,000]",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Report which quota growth meets first, and simulate the way of an order.

    The numbers are those of production's compiled templates and of the benchmark of orders.

    For example:

        stagectl growth --orders-per-minute 5000

        stagectl growth --json
    """
    from devtools.growth import page, report  # noqa: PLC0415 - brings simpy and pydantic

    checkout = Checkout.of_this_file()
    compiled = execution_policy.compile_all(checkout, report.STAGE)
    templates = {template.stack: template.document for template in compiled}
    rates = orders_per_minute or ()
    if as_json:
        consumption = order_use.read(checkout.order_measurements)
        examined = report.examine(templates, consumption, rates)
        console.result(json_document.text(report.document(examined, consumption)))
        return
    console.result(page.of(checkout.root, templates, rates).rstrip())
