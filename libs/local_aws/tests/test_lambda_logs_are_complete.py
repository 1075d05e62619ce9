"""https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html"""

import json
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

from . import functions

Aws = Callable[..., Any]
FUNCTIONS, INVOCATIONS, BUSY = 8, 12, 4
# The second line comes while the emulator is busy with other requests.
SOURCE = """
import sys, time

def handle(event, context):
    print(f"first {event}", file=sys.stderr, flush=True)
    time.sleep(0.01)
    print(f"last {event}", file=sys.stderr, flush=True)
"""


def test_all_that_an_invocation_writes_is_in_its_log_on_a_busy_machine(aws: Aws) -> None:
    names, is_over = [functions.made(aws, SOURCE) for _ in range(FUNCTIONS)], Event()

    def keep_busy() -> None:
        logs, group = aws("logs"), f"/busy/{uuid.uuid4().hex}"
        logs.create_log_group(logGroupName=group)
        logs.create_log_stream(logGroupName=group, logStreamName="one")
        lines = [{"timestamp": int(time.time() * 1000), "message": "x" * 50}] * 3000
        while not is_over.is_set():
            logs.put_log_events(logGroupName=group, logStreamName="one", logEvents=lines)
            logs.filter_log_events(logGroupName=group, filterPattern='"nothing"')

    def unfinished(name: str) -> list[int]:
        lambda_, logs, found = aws("lambda"), aws("logs"), []
        for number in range(INVOCATIONS):
            lambda_.invoke(FunctionName=name, Payload=json.dumps(number))
            events = logs.filter_log_events(logGroupName=f"/aws/lambda/{name}")["events"]
            if not any(event["message"].rstrip().endswith(f"last {number}") for event in events):
                found.append(number)
        return found

    with ThreadPoolExecutor(FUNCTIONS + BUSY) as pool:
        busy = [pool.submit(keep_busy) for _ in range(BUSY)]
        lacking = list(pool.map(unfinished, names))
        is_over.set()
        for one in busy:
            one.result()

    assert lacking == [[]] * FUNCTIONS
