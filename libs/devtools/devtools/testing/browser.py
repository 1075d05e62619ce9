"""The browser of the end-to-end suite: an installed one, or one to install."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from stagectl.checkout import Checkout
from stagectl.errors import StagectlError
from stagectl.readiness.finding import Finding, Level
from stagectl.system.child_process import Children
from stagectl.terminal import console

BROWSER_PATH = "BROWSER_PATH"
WAY_OUT = "install Chromium or Chrome, or set BROWSER_PATH"
# The first has no user interface of its own, which halves the processor time of a test.
_PROGRAMS = (
    *("chromium-headless-shell", "chromium", "chromium-browser"),
    *("google-chrome", "google-chrome-stable"),
)
_MAC_OS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


_DOWNLOADED = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*")


def _cache() -> Path:
    """Return the folder in which Playwright keeps its downloads on this system."""
    return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")


def find() -> Path | None:
    """Return a browser of the Chromium family, or None; BROWSER_PATH comes first."""
    named = os.environ.get(BROWSER_PATH)
    if named:
        return Path(named)
    installed = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if installed:
        return Path(installed)
    if _MAC_OS.is_file():
        return _MAC_OS
    downloads = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or _cache() / "ms-playwright")
    of_playwright = (path for pattern in _DOWNLOADED for path in downloads.glob(pattern))
    return max(of_playwright, default=None)


def ensure(checkout: Checkout) -> Path:
    """Return a browser, after installing one where none is.

    As root on Debian or Ubuntu it comes from the distribution, elsewhere from Playwright's own download.

    Raises:
        StagectlError: None is here, and none could be installed.
    """
    found = find()
    if found:
        return found
    console.say("No browser found; installing Chromium …")
    output = ""
    for command in _installers(checkout):
        completed = Children().run(command, cwd=checkout.root)
        output = completed.output
        found = find() if completed.exit_code == 0 else None
        if found:
            return found
    last_words = "\n".join(output.strip().splitlines()[-5:])
    raise StagectlError(f"No browser could be installed: {WAY_OUT}.\n{last_words}")


def examine() -> Iterator[Finding]:
    """Yield a finding about the browser, for `stagectl doctor`."""
    found = find()
    if found:
        yield Finding(Level.OK, "browser", str(found))
    else:
        text = "none found: the browser tests will try to install one"
        yield Finding(Level.WARN, "browser", text, WAY_OUT)


def _installers(checkout: Checkout) -> list[list[str]]:
    playwright = [str(checkout.python), "-m", "playwright", "install", "chromium"]
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return [playwright]
    install = "DEBIAN_FRONTEND=noninteractive apt-get install -y -qq"
    script = f"apt-get update -qq && {{ {install} chromium-headless-shell || {install} chromium; }}"
    return [["sh", "-c", script], playwright]
