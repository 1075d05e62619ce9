"""Open a page of a stage in the browser."""

import os
import sys
import webbrowser
from typing import Annotated

import typer

from stagectl.checkout import Checkout
from stagectl.commands import completion
from stagectl.commands.options import AsJson, OnEmulator, StageName
from stagectl.stages import lifecycle, pages
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document

_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
_ALWAYS_GRAPHICAL = frozenset({"darwin", "win32"})


def open_page(
    page: Annotated[
        str,
        typer.Argument(
            metavar="[PAGE|SERVICE]",
            autocompletion=lambda: [*pages.PATHS, pages.DASHBOARDS, *completion.service_names()],
            help=f"{', '.join(pages.PATHS)}, {pages.DASHBOARDS}, or a service, whose stack is shown.",
        ),
    ] = pages.LANDING_PAGE,
    *,
    only_print: Annotated[bool, typer.Option("--print", help="Only print the URL.")] = False,
    stage: StageName = LOCAL_STAGE,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Open a page of a stage in the browser, and print its URL.

    The dashboards and the stack of a service are pages of AWS's console, so the emulator has none. Without a
    terminal, or without a display, the URL is only printed.

    For example:

        stagectl open

        stagectl open staff

        stagectl open orders --stage dev --print
    """
    resolved = lifecycle.find(Checkout.here(), stage, use_emulator=emulator)
    pages.check(resolved, page)
    lifecycle.enter_deployed(resolved)
    url = pages.url_of(resolved, page)
    is_opened = not only_print and not as_json and _can_browse() and webbrowser.open(url)
    console.result(json_document.text({"url": url}) if as_json else url)
    if not is_opened and not only_print and not as_json:
        console.say("No browser to open it in.")


def _can_browse() -> bool:
    """Return whether a person would see a browser: one for terminals would take this one."""
    has_display = sys.platform in _ALWAYS_GRAPHICAL or any(os.environ.get(name) for name in _DISPLAYS)
    return has_display and sys.stdout.isatty()
