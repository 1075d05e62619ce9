"""Commands about the orders of a stage."""

import typer

from stagectl.commands.stages.orders.answer import accept, reject
from stagectl.commands.stages.orders.list import list_orders

app = typer.Typer(
    no_args_is_help=True,
    help=(
        "List and answer orders in place of a restaurant, with your AWS credentials.\n\n"
        "For example:\n\n"
        "    stagectl orders list Fangtasia --stage dev\n\n"
        "    stagectl orders accept 0b8f7a52-3f2c-5d0e-9c39-4d5e1f6a7b8c --stage dev"
    ),
)
app.command("list")(list_orders)
app.command("accept")(accept)
app.command("reject")(reject)
