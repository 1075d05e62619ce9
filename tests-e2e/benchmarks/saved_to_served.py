"""Measures how long a saved handler takes to be served by `stagectl dev`, which must run.

    PYTHONPATH=tests-e2e STAGE=local .venv/bin/python -m benchmarks.saved_to_served  # AWS_* as for the suite

Edits the handler of the staff page in this checkout as an editor does, asks for the page until it shows the
edit, and puts the file back at the end.
"""

import argparse
import os
import statistics
import time
from pathlib import Path

import httpx

from benchmarks.measured_results import show
from support.polling import until
from support.stage import REPOSITORY, stage_under_test

HANDLER = REPOSITORY / "services" / "web" / "web" / "handlers" / "get_restaurant_page.py"
EDITED = """
_before = handle


def handle(event, context):
    answer = _before(event, context)
    return answer | {"body": answer["body"] + "<!-- edit NUMBER -->"}
"""
POLL_SECONDS = 0.01
LONGEST_SECONDS = 60


def save(path: Path, text: str) -> None:
    """Write into another file, which then takes the name."""
    unfinished = path.with_suffix(".tmp")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


def measured(client: httpx.Client, url: str, original: str, number: int) -> float:
    """Save one edit, and return the seconds until it is served."""
    since = time.monotonic()
    save(HANDLER, original + EDITED.replace("NUMBER", str(number)))
    until(
        lambda: client.get(url).text,
        lambda page: f"<!-- edit {number} -->" in page,
        within_seconds=LONGEST_SECONDS,
        what=f"edit {number}; does `stagectl dev` run?",
        every_seconds=POLL_SECONDS,
    )
    return time.monotonic() - since


def main() -> None:
    """Measure, and print median and 95th percentile."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--edits", type=int, default=50)
    edits = parser.parse_args().edits
    url = f"{stage_under_test().service_url('web')}/restaurant"
    original = HANDLER.read_text(encoding="utf-8")
    try:
        with httpx.Client(timeout=LONGEST_SECONDS) as client:
            measured(client, url, original, 0)  # downloads the package and loads its libraries
            seconds = [measured(client, url, original, number + 1) for number in range(edits)]
    finally:
        save(HANDLER, original)
    *_, p95 = statistics.quantiles(seconds, n=20)
    median, (load, *_) = statistics.median(seconds), os.getloadavg()
    show([f"saved to served, {edits} edits: median {median:.2f} s, p95 {p95:.2f} s, at load {load:.0f}"])


if __name__ == "__main__":
    main()
