"""The alarms of a stage, watched for a while."""

import time
from collections.abc import Set as AbstractSet
from datetime import timedelta

from stagectl import aws
from stagectl.stacks.stage import Stage

POLL_SECONDS = 10.0


def in_alarm(stage: Stage) -> set[str]:
    """Return the stage's alarms that are in alarm; its target must have been entered."""
    prefixes = tuple(f"{stack.on_stage(stage.name)}-" for stack in stage.stacks.values())
    describing = aws.session().client("cloudwatch").get_paginator("describe_alarms")
    pages = describing.paginate(StateValue="ALARM")
    return {
        alarm["AlarmName"]
        for page in pages
        for alarm in [*page.get("MetricAlarms", []), *page.get("CompositeAlarms", [])]
        if alarm["AlarmName"].startswith(prefixes)
    }


def watch(stage: Stage, before: AbstractSet[str], lasting: timedelta) -> list[str]:
    """Return the alarms that go off, as soon as one does; none when the time is over.

    Args:
        stage: The stage.
        before: Alarms that were in alarm before, which do not count.
        lasting: How long to watch; with no time, once.
    """
    deadline = time.monotonic() + lasting.total_seconds()
    while not (new := sorted(in_alarm(stage) - before)):
        rest = deadline - time.monotonic()
        if rest <= 0:
            break
        time.sleep(min(POLL_SECONDS, rest))
    return new
