"""Commands about the users and partners of a stage."""

import typer

from stagectl.commands.people import (
    add,
    audit,
    disable,
    enable,
    erase,
    export,
    group,
    invite,
    partners,  # only-with-example-services
)
from stagectl.commands.people.list import list_users
from stagectl.commands.people.sign_ins import sign_ins

PANEL = "People"

app = typer.Typer(
    no_args_is_help=True,
    help=(
        "List, add, invite, block, export and erase the users of a stage. Each change is recorded with the "
        "caller.\n\n"
        "For example:\n\n"
        "    stagectl users list --stage dev\n\n"
        "    stagectl users group ada@example.com --add restaurant-admins --stage dev"
    ),
)
app.command("list")(list_users)
app.command("sign-ins")(sign_ins)
app.command("add")(add.add)
app.command("invite")(invite.invite)
app.command("disable")(disable.disable)
app.command("enable")(enable.enable)
app.command("group")(group.group)
app.command("export")(export.export)
app.command("erase")(erase.erase)
app.command("audit")(audit.audit)


def register(cli: typer.Typer) -> None:
    """Add the commands to an app."""
    cli.add_typer(app, name="users", rich_help_panel=PANEL)
    cli.add_typer(partners.app, name="partners", rich_help_panel=PANEL)  # only-with-example-services
