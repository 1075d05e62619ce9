"""https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html"""

import io
import json
import subprocess
import time
import uuid
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from stagectl.checkout import Checkout

Aws = Callable[..., Any]
TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
PATIENCE_SECONDS = 30
SOURCE = """
import pathlib, time

def handle(event, context):
    folder = pathlib.Path(event["folder"])
    (folder / "CODE began").touch()
    while not (folder / "CODE may end").exists():
        time.sleep(0.01)
    return "CODE"
"""


def archive(code: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as zipped:
        zipped.writestr("shop.py", SOURCE.replace("CODE", code))
    return content.getvalue()


def test_an_invocation_that_runs_during_an_update_ends_with_the_code_before(aws: Aws, tmp_path: Path) -> None:
    name, functions = f"function-{uuid.uuid4().hex}", aws("lambda")
    role = aws("iam").create_role(
        RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
    )["Role"]["Arn"]
    functions.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=role,
        Handler="shop.handle",
        Timeout=PATIENCE_SECONDS,
        Code={"ZipFile": archive("old")},
    )

    def invoked() -> Any:
        payload = json.dumps({"folder": str(tmp_path)})
        return json.load(functions.invoke(FunctionName=name, Payload=payload)["Payload"])

    with ThreadPoolExecutor() as pool:
        running = pool.submit(invoked)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (tmp_path / "old began").exists():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        functions.update_function_code(FunctionName=name, ZipFile=archive("new"))
        (tmp_path / "new may end").touch()
        after = pool.submit(invoked).result()
        (tmp_path / "old may end").touch()

        assert (running.result(), after, invoked()) == ("old", "new", "new")


# In the emulator's own interpreter, since the module imports MiniStack.
REQUEST_BEFORE_AN_UPDATE = """
import sys
sys.path.insert(0, "libs/local_aws")
from local_aws.rules import lambda_updates_let_invocations_end as rule
from ministack.services import lambda_svc

rule.install()
config = {"FunctionArn": "arn:aws:lambda:us-east-1:000000000000:function:shop", "Version": "$LATEST"}
lambda_svc._functions["shop"] = {"config": config, "code_zip": b"new"}
worker, how = lambda_svc.acquire_worker("shop", config, b"old")
print(how, worker.code_zip.decode())
"""


def test_a_request_from_before_an_update_starts_an_environment_with_the_new_code() -> None:
    checkout = Checkout(Path(__file__).parents[3])
    done = subprocess.run(
        [str(checkout.emulator_python), "-c", REQUEST_BEFORE_AN_UPDATE],
        cwd=checkout.root,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout == "spawn new\n"
