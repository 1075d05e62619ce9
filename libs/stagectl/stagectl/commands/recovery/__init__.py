"""Commands that recover failed messages and events."""

import typer

from stagectl.commands.recovery import dlq, replay

PANEL = "Recovery"


def register(app: typer.Typer) -> None:
    """Add the commands to an app."""
    app.add_typer(dlq.app, name="dlq", rich_help_panel=PANEL)
    app.command("replay", rich_help_panel=PANEL)(replay.replay)
