"""Commands that compare, estimate and measure."""

import typer

from stagectl.commands.analysis import cost, permissions, tune

PANEL = "Analysis"


def register(app: typer.Typer) -> None:
    """Add the commands to an app."""
    app.command("cost", rich_help_panel=PANEL)(cost.cost)
    app.command("tune", rich_help_panel=PANEL)(tune.tune)
    app.command("permissions", rich_help_panel=PANEL)(permissions.show_permissions)
