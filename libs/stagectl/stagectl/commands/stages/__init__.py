"""Commands about stages."""

import typer

from stagectl.commands.stages import (
    config,
    configure,
    diff,
    down,
    invoke,
    logs,
    orders,
    reap,
    seed,
    status,
    up,
    urls,
)
from stagectl.commands.stages.list import list_stages
from stagectl.commands.stages.open import open_page

PANEL = "Stages"


def register(app: typer.Typer) -> None:
    """Add the commands to an app."""
    app.command("up", rich_help_panel=PANEL)(up.up)
    app.command("down", rich_help_panel=PANEL)(down.down)
    app.command("list", rich_help_panel=PANEL)(list_stages)
    app.command("status", rich_help_panel=PANEL)(status.status)
    app.command("urls", rich_help_panel=PANEL)(urls.urls)
    app.command("open", rich_help_panel=PANEL)(open_page)
    app.command("invoke", rich_help_panel=PANEL)(invoke.invoke)
    app.command("logs", rich_help_panel=PANEL)(logs.logs)
    app.add_typer(orders.app, name="orders", rich_help_panel=PANEL)
    app.command("seed", rich_help_panel=PANEL)(seed.seed)
    app.command("configure", rich_help_panel=PANEL)(configure.configure)
    app.add_typer(config.app, name="config", rich_help_panel=PANEL)
    app.command("diff", rich_help_panel=PANEL)(diff.diff)
    app.command("reap", rich_help_panel=PANEL)(reap.reap_stages)
