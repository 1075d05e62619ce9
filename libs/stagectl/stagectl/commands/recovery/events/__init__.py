"""Commands about the events of a stage."""

import typer

from stagectl.commands.recovery.events import search, tail

app = typer.Typer(
    no_args_is_help=True,
    help=(
        "Print events live, or search the archive of events.\n\n"
        "For example:\n\n"
        "    stagectl events tail\n\n"
        "    stagectl events search --stage dev --order 0b8f7a52-3f2c-5d0e-9c39-4d5e1f6a7b8c"
    ),
)
app.command("tail")(tail.tail)
app.command("search")(search.search)
