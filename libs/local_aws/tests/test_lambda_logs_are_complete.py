"""https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html"""

import io
import json
import time
import uuid
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

Aws = Callable[..., Any]
TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
FUNCTIONS, INVOCATIONS, BUSY = 8, 12, 4
# The second line comes while the emulator is busy with other requests.
SOURCE = b"""
import sys, time

def handle(event, context):
    print(f"first {event}", file=sys.stderr, flush=True)
    time.sleep(0.01)
    print(f"last {event}", file=sys.stderr, flush=True)
"""


def function(aws: Aws) -> str:
    name, content = f"function-{uuid.uuid4().hex}", io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("shop.py", SOURCE)
    role = aws("iam").create_role(
        RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
    )["Role"]["Arn"]
    aws("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=role,
        Handler="shop.handle",
        Code={"ZipFile": content.getvalue()},
    )
    return name


def test_all_that_an_invocation_writes_is_in_its_log_on_a_busy_machine(aws: Aws) -> None:
    names, is_over = [function(aws) for _ in range(FUNCTIONS)], Event()

    def keep_busy() -> None:
        logs, group = aws("logs"), f"/busy/{uuid.uuid4().hex}"
        logs.create_log_group(logGroupName=group)
        logs.create_log_stream(logGroupName=group, logStreamName="one")
        lines = [{"timestamp": int(time.time() * 1000), "message": "x" * 50}] * 3000
        while not is_over.is_set():
            logs.put_log_events(logGroupName=group, logStreamName="one", logEvents=lines)
            logs.filter_log_events(logGroupName=group, filterPattern='"nothing"')

    def unfinished(name: str) -> list[int]:
        functions, logs, found = aws("lambda"), aws("logs"), []
        for number in range(INVOCATIONS):
            functions.invoke(FunctionName=name, Payload=json.dumps(number))
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
