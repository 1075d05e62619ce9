"""Commands about the dead-letter queues of a stage."""

import typer

from stagectl.commands.recovery.dlq import peek, purge, redrive
from stagectl.commands.recovery.dlq.list import list_queues

app = typer.Typer(
    no_args_is_help=True,
    help=(
        "List, show, redrive and delete dead-letter messages, which consumers could not process.\n\n"
        "For example:\n\n"
        "    stagectl dlq list --stage dev\n\n"
        "    stagectl dlq redrive order-placed-dlq --stage dev"
    ),
)
app.command("list")(list_queues)
app.command("peek")(peek.peek)
app.command("redrive")(redrive.redrive)
app.command("purge")(purge.purge)
