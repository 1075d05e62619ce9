"""What the functions' logs report: invocations, durations, and how much was logged."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from support.stage import Stage

REPORT = re.compile(r"^REPORT .*\bBilled Duration: ([\d.]+) ms\s+Memory Size: (\d+) MB")
# CloudWatch Logs bills so much for each event besides its text.
EVENT_OVERHEAD_BYTES = 26


@dataclass(frozen=True)
class FunctionReport:
    """What one function did in a span of time.

    Attributes:
        name: Its name on AWS.
        invocations: How often it ran.
        gigabyte_seconds: Its durations, each times the memory that it was given.
        log_bytes: What it wrote to its log, as it is billed.
    """

    name: str
    invocations: int
    gigabyte_seconds: float
    log_bytes: int


def function_reports(stage: Stage, start: float, end: float) -> Iterator[FunctionReport]:
    """Yield a report of each function that ran between two times, in seconds since 1970."""
    for function in stage.functions():
        texts = list(_log(stage, f"/aws/lambda/{function['FunctionName']}", start, end))
        reports = [match for match in map(REPORT.match, texts) if match]
        if reports:
            yield FunctionReport(
                name=function["FunctionName"],
                invocations=len(reports),
                gigabyte_seconds=sum(float(one[1]) / 1000 * int(one[2]) / 1024 for one in reports),
                log_bytes=sum(len(text.encode()) + EVENT_OVERHEAD_BYTES for text in texts),
            )


def _log(stage: Stage, group: str, start: float, end: float) -> Iterator[str]:
    pages = stage.logs.get_paginator("filter_log_events").paginate(
        logGroupName=group, startTime=round(start * 1000), endTime=round(end * 1000)
    )
    try:
        for page in pages:
            yield from (event["message"] for event in page["events"])
    except stage.logs.exceptions.ResourceNotFoundException:
        # It never ran.
        return
