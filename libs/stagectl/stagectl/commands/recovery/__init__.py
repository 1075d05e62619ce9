"""Commands that find what failed, recover it, and return to earlier versions."""

import typer

from stagectl.commands.recovery import dlq, events, replay, rollback, trace

PANEL = "Recovery"


def register(app: typer.Typer) -> None:
    """Add the commands to an app."""
    app.add_typer(dlq.app, name="dlq", rich_help_panel=PANEL)
    app.add_typer(events.app, name="events", rich_help_panel=PANEL)
    app.command("trace", rich_help_panel=PANEL)(trace.trace)
    app.command("replay", rich_help_panel=PANEL)(replay.replay)
    app.command("rollback", rich_help_panel=PANEL)(rollback.rollback)
