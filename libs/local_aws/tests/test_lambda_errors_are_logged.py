"""https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html"""

import io
import json
import uuid
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

Aws = Callable[..., Any]
TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}


def logged_after_a_call(aws: Aws, source: str) -> str:
    name = f"function-{uuid.uuid4().hex}"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("shop.py", source)
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
