"""Commands that prepare this machine."""

import typer

from stagectl.commands.machine import dev, doctor, start, stop

PANEL = "This machine"


def register(app: typer.Typer) -> None:
    """Add the commands to an app."""
    app.command("start", rich_help_panel=PANEL)(start.start)
    app.command("dev", rich_help_panel=PANEL)(dev.dev)
    app.command("stop", rich_help_panel=PANEL)(stop.stop)
    app.command("doctor", rich_help_panel=PANEL)(doctor.examine)
