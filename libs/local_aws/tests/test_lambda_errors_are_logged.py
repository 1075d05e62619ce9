"""https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html"""

from collections.abc import Callable
from typing import Any

import pytest

from . import functions

Aws = Callable[..., Any]


def logged_after_a_call(aws: Aws, source: str) -> str:
    name = functions.made(aws, source)
    answer = aws("lambda").invoke(FunctionName=name)
    assert answer["FunctionError"] == "Unhandled"
    events = aws("logs").filter_log_events(logGroupName=f"/aws/lambda/{name}")["events"]
    return "\n".join(event["message"] for event in events)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import no_such_package\n", "No module named 'no_such_package'"),
        ("raise RuntimeError('the disk is made of cheese')\n", "the disk is made of cheese"),
        ("def other(event, context): ...\n", "handle"),
    ],
)
def test_what_keeps_a_function_from_starting_stands_in_its_log(aws: Aws, source: str, reason: str) -> None:
    logged = logged_after_a_call(aws, source)

    assert "[ERROR]" in logged
    assert reason in logged
