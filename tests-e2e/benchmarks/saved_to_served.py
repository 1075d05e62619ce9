"""Measures how long a saved file takes to be served by `stagectl dev`, which it starts and stops.

    PYTHONPATH=tests-e2e .venv/bin/python -m benchmarks.saved_to_served --port 4750

Edits files of this checkout as an editor does, and puts them back at the end: a handler, until its page shows
the edit; a template, a style, a script and a legal text in turn, until a page that is open in a browser shows
it; and files with an error, until `stagectl dev` prints it. The first edit of each kind is left out. A bare
replacement of the same function, `UpdateFunctionCode` and one request, is measured in turn with the handler.
"""

import argparse
import os
import queue
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import boto3
import httpx
from playwright.sync_api import Error, Page

from benchmarks.measured_results import Target, say, show, target_lines
from browser.chromium import launched
from support.polling import until
from support.stage import REPOSITORY

WEB = REPOSITORY / "services" / "web"
HANDLER = WEB / "web" / "handlers" / "get_restaurant_page.py"
TEMPLATE = WEB / "web" / "templates" / "index.html"
STYLE = WEB / "web" / "assets" / "style.css"
SCRIPT = WEB / "scripts" / "app.js"
EDITED = """
_before = handle


def handle(event, context):
    answer = _before(event, context)
    return answer | {"body": answer["body"] + "<!-- edit NUMBER -->"}
"""
POLL_SECONDS = 0.01
LONGEST_SECONDS = 60


@dataclass(frozen=True)
class Edit:
    """A change that an open page shows.

    Attributes:
        file: What is saved.
        shown: JavaScript that is true when the page shows the edit; NUMBER is the edit's.
        change: Returns the changed text, from the original one and the number.
    """

    file: Path
    shown: str
    change: Callable[[str, int], str]


PAGE_EDITS = [
    Edit(
        TEMPLATE,
        "document.documentElement.outerHTML.includes('<!-- edit NUMBER -->')",
        lambda text, number: text.replace("</body>", f"<!-- edit {number} --></body>"),
    ),
    Edit(
        STYLE,
        "getComputedStyle(document.documentElement).getPropertyValue('--edit').trim() === 'NUMBER'",
        lambda text, number: f"{text}\n:root {{ --edit: {number}; }}\n",
    ),
    Edit(SCRIPT, "window.edit === NUMBER", lambda text, number: f"{text}\nwindow.edit = {number};\n"),
]
ERRORS: list[tuple[Path, Callable[[str], str], str]] = [
    (HANDLER, lambda text: f"{text}\ndef broken(:\n", "get_restaurant_page.py:"),
    (HANDLER, lambda text: f"import nothing_in_web\n{text}".replace("nothing_in_web", "web.nothing"), ":1: "),
    (TEMPLATE, lambda text: f"{{% if %}}\n{text}", "index.html:1: "),
    (SCRIPT, lambda text: f"const = 1;\n{text}", "app.js:1: "),
    (WEB / "serverless.yml", lambda text: f"service: [\n{text}", "serverless.yml:"),
]


@dataclass
class Dev:
    """A running `stagectl dev`.

    Attributes:
        printed: Its lines, with the moment of each.
    """

    process: subprocess.Popen[str]
    printed: "queue.Queue[tuple[float, str]]" = field(default_factory=queue.Queue)

    def read(self) -> None:
        """Note what it prints, until it ends."""
        for line in self.process.stderr or ():
            self.printed.put((time.monotonic(), line))

    def printed_at(self, part: str) -> float:
        """Wait for a line that holds a text, and return the moment of it."""
        deadline = time.monotonic() + 10 * LONGEST_SECONDS
        while time.monotonic() < deadline:
            moment, line = self.printed.get(timeout=10 * LONGEST_SECONDS)
            if part in line:
                return moment
        raise TimeoutError(part)

    def forget(self) -> None:
        """Forget what it has printed."""
        while not self.printed.empty():
            self.printed.get_nowait()


@contextmanager
def running(port: int) -> Iterator[Dev]:
    """Run `stagectl dev` for a block."""
    command = [sys.executable, "-m", "stagectl", "dev", "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    dev = Dev(process)
    threading.Thread(target=dev.read, daemon=True).start()
    try:
        dev.printed_at("Serving what is saved")
        yield dev
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def save(path: Path, text: str) -> float:
    """Write into another file, which then takes the name; return the moment."""
    unfinished = path.with_suffix(".tmp")
    unfinished.write_text(text, encoding="utf-8")
    since = time.monotonic()
    unfinished.replace(path)
    return since


@contextmanager
def put_back(*paths: Path) -> Iterator[dict[Path, str]]:
    """Yield the texts of files, and write them again at the end of a block."""
    originals = {path: path.read_text(encoding="utf-8") for path in paths}
    try:
        yield originals
    finally:
        for path, text in originals.items():
            save(path, text)


def seconds_until(get: Callable[[], str], part: str, since: float) -> float:
    """Ask again and again until an answer holds a text; return the seconds."""
    until(
        get,
        lambda text: part in text,
        within_seconds=LONGEST_SECONDS,
        what=part,
        every_seconds=POLL_SECONDS,
    )
    return time.monotonic() - since


def handler_edits(url: str, edits: int) -> tuple[list[float], list[float]]:
    """Return the seconds of edits of a handler, and of bare replacements of its function."""
    function = "web-local-get-restaurant-page"
    lambda_ = boto3.client("lambda")
    edited, bare = [], []
    with put_back(HANDLER) as originals, httpx.Client(timeout=LONGEST_SECONDS) as client:

        def get() -> str:
            return client.get(f"{url}/restaurant").text

        for number in range(edits + 1):
            since = save(HANDLER, originals[HANDLER] + EDITED.replace("NUMBER", str(number)))
            edited.append(seconds_until(get, f"<!-- edit {number} -->", since))
            package = client.get(lambda_.get_function(FunctionName=function)["Code"]["Location"]).content
            since = time.monotonic()
            lambda_.update_function_code(FunctionName=function, ZipFile=package)
            bare.append(seconds_until(get, "<!-- edit", since))
    return edited[1:], bare[1:]


def is_shown(page: Page, expression: str) -> bool:
    """Return whether JavaScript is true in the page; not while it loads."""
    try:
        return bool(page.evaluate(expression))
    except Error:
        return False


def page_edits(page: Page, url: str, edits: int) -> dict[str, list[float]]:
    """Return the seconds of edits of the landing page, by the changed file."""
    seconds: dict[str, list[float]] = {edit.file.name: [] for edit in PAGE_EDITS}
    with put_back(*(edit.file for edit in PAGE_EDITS)) as originals:
        page.goto(url)
        for number in range(edits + len(PAGE_EDITS)):
            edit = PAGE_EDITS[number % len(PAGE_EDITS)]
            since = save(edit.file, edit.change(originals[edit.file], number))
            expression = edit.shown.replace("NUMBER", str(number))
            until(
                lambda: is_shown(page, expression),  # noqa: B023 - called at once
                bool,
                within_seconds=LONGEST_SECONDS,
                what=f"edit {number} of {edit.file.name} in the browser",
                every_seconds=POLL_SECONDS,
            )
            if number >= len(PAGE_EDITS):
                seconds[edit.file.name].append(time.monotonic() - since)
    return seconds


def errors(dev: Dev, edits: int) -> list[float]:
    """Return the seconds until errors are printed; after each, the file is repaired."""
    seconds = []
    with put_back(*{file for file, _, _ in ERRORS}) as originals:
        for number in range(edits):
            file, broken, place = ERRORS[number % len(ERRORS)]
            dev.forget()
            since = save(file, broken(originals[file]))
            seconds.append(dev.printed_at(place) - since)
            save(file, f"{originals[file]}\n" if file == HANDLER else originals[file])
            if file.suffix == ".yml":  # which deploys the service
                dev.printed_at("all functions replaced")
            else:
                time.sleep(1)  # the repair is a change of its own
    return seconds


def line(name: str, seconds: list[float]) -> str:
    """Return median and 95th percentile."""
    *_, p95 = statistics.quantiles(seconds, n=20)
    return f"{name:<40}{len(seconds):>4}{statistics.median(seconds):>9.2f} s{p95:>9.2f} s"


def main() -> None:
    """Measure, and print median and 95th percentile of each kind of edit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--port", type=int, default=4750)
    parser.add_argument("--edits", type=int, default=50)
    parser.add_argument("--errors", type=int, default=20)
    options = parser.parse_args()
    address = f"http://127.0.0.1:{options.port}"
    os.environ |= {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    say("stagectl dev")
    with running(options.port) as dev:
        ssm = boto3.client("ssm")
        url = ssm.get_parameter(Name="/web/local/serviceUrl")["Parameter"]["Value"].rstrip("/")
        say("a handler")
        handler, bare = handler_edits(url, options.edits)
        say("the page")
        with launched() as browser:
            by_file = page_edits(browser.new_page(), url, options.edits)
        say("errors")
        shown = errors(dev, options.errors)
    page = [one for seconds in by_file.values() for one in seconds]
    load, *_ = os.getloadavg()
    show(
        [
            f"{f'saved to served, at load {load:.0f}':<40}{'n':>4}{'median':>11}{'p95':>11}",
            line("a handler", handler),
            line("a bare replacement of its function", bare),
            line("the page, in the browser", page),
            *(line(f"  {name}", seconds) for name, seconds in by_file.items()),
            line("an error, printed", shown),
        ]
    )
    medians = {"a handler": handler, "the page": page, "an error": shown}
    targets = [
        Target(f"{name}, median in s", statistics.median(all_), at_most=1) for name, all_ in medians.items()
    ]
    ratio = statistics.median(a / b for a, b in zip(handler, bare, strict=True))
    show(target_lines([*targets, Target("a handler ÷ a bare replacement", ratio, at_most=2)]))


if __name__ == "__main__":
    main()
