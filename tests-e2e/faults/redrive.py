"""Redrive dead-letter messages once their cause is gone, as an operator does."""

import json
from typing import Any

from support.stage import Stage
from support.stagectl_command import stagectl

PER_SECOND = 200
HOME = ("sent", "published")


class RedriveError(Exception):
    """Some dead letters could not be redriven; the text says why."""


def redrive(stage: Stage) -> int:
    """Move all dead letters of the stage to where they came from and give their number.

    Raises:
        RedriveError: some of them stayed where they were.
    """
    completed = stagectl(stage, "dlq", "redrive", "--all", "--rate", str(PER_SECOND), "--json")
    if completed.returncode:
        raise RedriveError(completed.stderr)
    queues: list[dict[str, Any]] = json.loads(completed.stdout)
    return sum(queue[outcome] for queue in queues for outcome in HOME)
