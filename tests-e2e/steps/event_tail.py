"""An operator who watches the events of a stage."""

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from support.polling import until
from support.stage import Stage
from support.stagectl_command import started

WAITING = "Waiting for events"
START_SECONDS = 30


@contextmanager
def tailing(stage: Stage, folder: Path) -> Iterator[Path]:
    """Run `stagectl events tail` for a block, and yield the file of its results."""
    results, progress = folder / "results", folder / "progress"
    with results.open("w") as out, progress.open("w") as err:
        process = started(stage, "events", "tail", "--json", stdout=out, stderr=err)
        try:
            until(
                progress.read_text,
                lambda text: WAITING in text or process.poll() is not None,
                within_seconds=START_SECONDS,
                what="a tail that waits",
            )
            yield results
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=START_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def lines_of(results: Path) -> list[dict[str, Any]]:
    """Return the events that a tail has shown so far."""
    return [json.loads(line) for line in results.read_text().splitlines() if line.endswith("}")]
