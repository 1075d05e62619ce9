"""Run a function's handler from this checkout, with the deployed environment and the function's own role."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from stagectl import aws
from stagectl.checkout import Checkout
from stagectl.checkout.services import Stack
from stagectl.errors import StagectlError
from stagectl.stacks.stage import Stage

if TYPE_CHECKING:
    from mypy_boto3_lambda.type_defs import FunctionConfigurationResponseTypeDef

_PROGRAM = Path(__file__).with_name("handler_invocation")
_SESSION = "stagectl-invoke"
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE", "TERM")
# Whoever reads variables at a breakpoint takes their time.
_SECONDS_TO_DEBUG = 86_400


def invoke(
    checkout: Checkout,
    stage: Stage,
    stack: Stack,
    function: str,
    event: Mapping[str, Any],
    *,
    debug_port: int | None,
    is_own_role: bool,
) -> Any:
    """Invoke a handler once, in a process of its own that shares the terminal, and return its result.

    Args:
        checkout: The checkout whose code runs.
        stage: The stage, whose target must have been entered.
        stack: The service.
        function: Key of the function.
        event: What the handler gets.
        debug_port: Where the process waits for a debugger before it imports the handler; None without one.
        is_own_role: Whether the handler has the permissions of its function; else those of the caller.

    Raises:
        StagectlError: The role cannot be assumed, or the handler failed; its error is on standard error.
    """
    name = f"{stack.on_stage(stage.name)}-{function}"
    configuration = configuration_of(name)
    if is_own_role:
        credentials = _credentials_of(configuration["Role"], stage)
    else:
        credentials = {key: value for key, value in os.environ.items() if key.startswith("AWS_")}
    environment = {
        **{key: value for key in _KEPT if (value := os.environ.get(key)) is not None},
        **{key: value for key, value in stage.target.environment.items() if key == "AWS_ENDPOINT_URL"},
        **credentials,
        "AWS_REGION": os.environ["AWS_REGION"],
        "AWS_DEFAULT_REGION": os.environ["AWS_REGION"],
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(configuration["MemorySize"]),
        **configuration.get("Environment", {}).get("Variables", {}),
        "PYTHONPATH": os.pathsep.join(map(str, (stack.folder, checkout.root / "libs" / "service_kit"))),
    }
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        request = {
            "handler": configuration["Handler"],
            "name": name,
            "arn": configuration["FunctionArn"],
            "memoryMb": configuration["MemorySize"],
            "seconds": configuration["Timeout"] if debug_port is None else _SECONDS_TO_DEBUG,
            "event": event,
            "result": str(result),
        }
        program = [str(_PROGRAM), json.dumps(request)]
        if debug_port is not None:
            listening = f"127.0.0.1:{debug_port}"
            program = [
                "-Xfrozen_modules=off",
                "-m",
                "debugpy",
                "--listen",
                listening,
                "--wait-for-client",
                *program,
            ]
        # It shares standard input with this command, so that breakpoint() can ask; what it logs is no result.
        ran = subprocess.run(
            [sys.executable, *program], cwd=checkout.root, env=environment, stdout=sys.stderr, check=False
        )
        if not result.exists():
            raise StagectlError(f"{name} failed: the process ended with code {ran.returncode}.")
        return json.loads(result.read_text(encoding="utf-8"))


def configuration_of(name: str) -> "FunctionConfigurationResponseTypeDef":
    """Return the configuration of a deployed function.

    Raises:
        StagectlError: It is not deployed.
    """
    client = aws.session().client("lambda")
    try:
        return client.get_function_configuration(FunctionName=name)
    except client.exceptions.ResourceNotFoundException:
        raise StagectlError(f"There is no function {name}. Deploy it: stagectl up.") from None


def _credentials_of(role: str, stage: Stage) -> dict[str, str]:
    try:
        assumed = aws.session().client("sts").assume_role(RoleArn=role, RoleSessionName=_SESSION)
    except ClientError as error:
        if error.response["Error"]["Code"] != "AccessDenied":
            raise
        raise StagectlError(
            f"You may not assume the function's role on stage {stage.name}: only Lambda may. Run the handler "
            "with your own permissions, --own-permissions, or where it is deployed, --remote."
        ) from None
    credentials = assumed["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": credentials["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": credentials["SecretAccessKey"],
        "AWS_SESSION_TOKEN": credentials["SessionToken"],
    }
