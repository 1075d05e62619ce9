"""Commands about the dynamic configuration of functions."""

import typer

from stagectl.commands.stages.config import get, history, rollback
from stagectl.commands.stages.config.set import set_config

app = typer.Typer(
    no_args_is_help=True,
    help=(
        "Show, change and roll back the dynamic configuration of functions, with their flags. A value is "
        "validated before it is written, and each change is recorded with the caller.\n\n"
        "For example:\n\n"
        "    stagectl config get restaurants/search-restaurants --stage dev\n\n"
        "    stagectl config set restaurants/search-restaurants '{\"defaultResults\": 3}' --stage dev"
    ),
)
app.command("get")(get.get)
app.command("set")(set_config)
app.command("history")(history.history)
app.command("rollback")(rollback.rollback)
