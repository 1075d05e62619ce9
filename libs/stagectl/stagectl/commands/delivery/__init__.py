"""Commands that the workflows in .github/ run; people can run them too."""

import typer

from stagectl.commands.delivery import (
    acceptance,
    artifacts,
    changes,
    migrate,
    release,
    report,
    services,
    smoke,
    stage_name,
)

PANEL = "Delivery"


def register(app: typer.Typer) -> None:
    """Add the commands to an app."""
    app.command("services", rich_help_panel=PANEL)(services.list_services)
    app.command("stage-name", rich_help_panel=PANEL)(stage_name.name_stage)
    app.command("artifacts", rich_help_panel=PANEL)(artifacts.artifacts)
    app.command("changes", rich_help_panel=PANEL)(changes.changes)
    app.command("migrate", rich_help_panel=PANEL)(migrate.migrate)
    app.command("release", rich_help_panel=PANEL)(release.release)
    app.command("report", rich_help_panel=PANEL)(report.report)
    app.command("smoke", rich_help_panel=PANEL)(smoke.smoke)
    app.command("acceptance", rich_help_panel=PANEL)(acceptance.acceptance)
