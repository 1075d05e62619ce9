"""Commands about the API keys of partners."""

import typer

from stagectl.commands.people.partners import add, revoke
from stagectl.commands.people.partners.list import list_keys

app = typer.Typer(
    no_args_is_help=True,
    help=(
        "List, add and revoke the API keys of partners, on stages with the stack partners. Each change is "
        "recorded with the caller.\n\n"
        "For example:\n\n"
        "    stagectl partners add acme --stage dev\n\n"
        "    stagectl partners list --stage dev"
    ),
)
app.command("list")(list_keys)
app.command("add")(add.add)
app.command("revoke")(revoke.revoke)
