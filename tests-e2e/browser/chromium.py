"""The Chromium of this machine."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

# The first has no user interface of its own, which halves the processor time of a test.
NAMES = (
    *("chromium-headless-shell", "chromium", "chromium-browser"),
    *("google-chrome", "google-chrome-stable", "chrome", "microsoft-edge"),
)
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class NoBrowserError(Exception):
    """There is no browser to drive; the text says what to do."""


def browser_path() -> str:
    """Return the path of the browser: BROWSER_PATH, or the first one found on this machine.

    Raises:
        NoBrowserError: there is none.
    """
    given = os.environ.get("BROWSER_PATH")
    if given:
        if not os.access(given, os.X_OK):
            raise NoBrowserError(
                f"BROWSER_PATH is {given}, which is no program. Set it right, or not at all."
            )
        return given
    found = next(filter(None, map(shutil.which, NAMES)), str(MAC) if MAC.exists() else None)
    if found is None:
        raise NoBrowserError(
            f"There is no browser (looked for {', '.join(NAMES)}). Install one, such as by "
            "“apt install chromium”, or let BROWSER_PATH name a Chromium or Chrome, or leave these tests out "
            "with -m 'not browser'."
        )
    return found


@contextmanager
def launched() -> Iterator[Browser]:
    """Run the browser without a window."""
    path = browser_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()
