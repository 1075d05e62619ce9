"""Commands that find what failed, and recover it."""

import typer

from stagectl.commands.recovery import dlq, replay, trace

PANEL = "Recovery"


def register(app: typer.Typer) -> None:
    """Add the commands to an app."""
    app.add_typer(dlq.app, name="dlq", rich_help_panel=PANEL)
    app.command("trace", rich_help_panel=PANEL)(trace.trace)
    app.command("replay", rich_help_panel=PANEL)(replay.replay)
