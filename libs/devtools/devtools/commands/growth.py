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
    write: Annotated[bool, typer.Option("--write", help="Write docs/growth.md.")] = False,
    as_json: AsJson = False,
) -> None:
    """Report which quota growth meets first, and simulate the way of an order.

    The numbers are those of production's compiled templates and of the benchmark of orders.

    For example:

        stagectl growth --orders-per-minute 5000

        stagectl growth --write
    """
    from devtools.growth import page, report  # noqa: PLC0415 - brings simpy and pydantic

    checkout = Checkout.of_this_file()
    compiled = execution_policy.compile_all(checkout, report.STAGE)
    templates = {template.stack: template.document for template in compiled}
    consumption = order_use.read(checkout.order_measurements)
    examined = report.examine(templates, consumption, () if write else orders_per_minute or ())
    if as_json:
        console.result(json_document.text(report.document(examined, consumption)))
        return
    text = page.render(examined, report.compare(templates, checkout.order_measurements))
    if write:
        (checkout.root / page.PAGE).write_text(text, encoding="utf-8")
        console.result(str(page.PAGE))
    else:
        console.result(text.rstrip())
