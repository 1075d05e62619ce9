import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest

Client = Callable[..., Any]
LINES = ['{"id":"a-1"}', '{"id":"b-2"}', "something else"]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ('?"a-1" ?"b-2"', LINES[:2]),
        ("?a-1 ?else", [LINES[0], LINES[2]]),
        ('?"b-2"', [LINES[1]]),
        ('"b-2"', [LINES[1]]),
        ('?"c-3" ?"d-4"', []),
    ],
)
def test_lines_with_one_of_the_alternatives_are_found(aws: Client, pattern: str, found: list[str]) -> None:
    logs, group = aws("logs"), f"group-{uuid.uuid4()}"
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    now = round(time.time() * 1000)
    events = [{"timestamp": now + number, "message": line} for number, line in enumerate(LINES)]
    logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=events)

    answer = logs.filter_log_events(logGroupName=group, filterPattern=pattern)

    assert [event["message"] for event in answer["events"]] == found
