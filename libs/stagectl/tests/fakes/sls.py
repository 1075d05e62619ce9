"""A stand-in for sls: notes how it was called, and does what the file `behaviour` in its folder says."""

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Never

FAILURE = """
× Stack failed to deploy (2s)
Error:
CREATE_FAILED: OrdersTable (AWS::DynamoDB::Table)
Table name is taken

View the full error: https://example.com
"""


def note(event: str) -> None:
    """Add an event to the journal that all runs of a checkout share."""
    entry = {
        "event": event,
        "service": Path.cwd().name,
        "arguments": sys.argv[1:],
        "endpoint": os.environ.get("AWS_ENDPOINT_URL"),
    }
    with Path(os.environ["JOURNAL"]).open("a", encoding="utf-8") as journal:
        journal.write(json.dumps(entry) + "\n")


def leave(*_: object) -> Never:
    """End as sls does when it is interrupted."""
    note("interrupted")
    sys.exit(130)


def main() -> None:
    """Behave as told."""
    signal.signal(signal.SIGINT, leave)
    behaviour = Path("behaviour")
    wanted = behaviour.read_text(encoding="utf-8").strip() if behaviour.exists() else ""
    note("started")
    match wanted:
        case "unchanged":
            sys.stdout.write("No changes to deploy. Deployment skipped. (1s)\n")
        case "fail":
            sys.stdout.write(FAILURE)
            sys.exit(1)
        case "warn":
            sys.stdout.write("Warning: The package has no bytecode\n")
        case "hang":
            time.sleep(60)
        case _:
            sys.stdout.write("✔ Service deployed\n")
    note("ended")


main()
