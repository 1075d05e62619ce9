"""Tune memory sizes on AWS: deploy, run and remove aws-lambda-power-tuning.

It is its author's published application in the Serverless Application Repository. It publishes a version of
the function for each memory size, invokes each, and removes them. What an interrupted run would leave behind,
and the layer that its template retains, is removed here.
"""

import json
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stagectl import aws
from stagectl.costs.tuning import Tuned, Tuning
from stagectl.errors import StagectlError
from stagectl.terminal import console

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_serverlessrepo import ServerlessApplicationRepositoryClient
    from mypy_boto3_stepfunctions import SFNClient

APPLICATION = "arn:aws:serverlessrepo:us-east-1:451282441545:applications/aws-lambda-power-tuning"
VERSION = "4.3.4"
# The repository puts this before the name of every stack that it makes.
STACK_PREFIX = "serverlessrepo-"
MACHINE_OUTPUT = "StateMachineARN"
LAYER_TYPE = "AWS::Lambda::LayerVersion"
ALIAS_PREFIX = "RAM"
LOOK_SECONDS = 5.0
DEADLINE_SECONDS = 1_800.0
METHOD = (
    "Measured on AWS by aws-lambda-power-tuning, without the fastest and slowest fifth of the results.",
)


@dataclass(frozen=True)
class Clients:
    """The AWS clients that tuning works with."""

    repository: "ServerlessApplicationRepositoryClient"
    cloudformation: "CloudFormationClient"
    step_functions: "SFNClient"
    functions: "LambdaClient"


def tune(
    clients: Clients,
    function: str,
    payload: Any,
    *,
    sizes_mb: Sequence[int],
    invocations: int,
    sleep: Callable[[float], None] = time.sleep,
) -> Tuning:
    """Measure a function on AWS at several memory sizes.

    Nothing is left, also after a failure: no stack, layer, version or alias, and the function has its former
    memory size.

    Args:
        clients: Clients of the account and region where the function is.
        function: Its name.
        payload: The event of every invocation.
        sizes_mb: The amounts of memory.
        invocations: How often it is invoked with each.
        sleep: Waits between looks.

    Raises:
        StagectlError: The application did not deploy, or its run failed.
    """
    configuration = clients.functions.get_function_configuration(FunctionName=function)
    request = {
        "lambdaARN": configuration["FunctionArn"],
        "powerValues": list(sizes_mb),
        "num": invocations,
        "payload": payload,
        "strategy": "balanced",
        "includeOutputResults": True,
    }
    with (
        _function_as_it_was(clients, function, configuration["MemorySize"]),
        _deployed(clients, configuration["FunctionArn"], sleep) as machine,
    ):
        console.say(f"Invoking {function} {invocations} times at each of {len(sizes_mb)} memory sizes")
        output = _run(clients, machine, request, sleep)
    return _tuning(function, configuration["MemorySize"], output)


@contextmanager
def _deployed(clients: Clients, function_arn: str, sleep: Callable[[float], None]) -> Iterator[str]:
    """Yield the state machine's ARN; the application is removed at the end of the block."""
    name = f"big-mouth-tuning-{uuid.uuid4().hex[:8]}"
    stack = f"{STACK_PREFIX}{name}"
    console.say(f"Deploying aws-lambda-power-tuning {VERSION} as {stack}")
    try:
        change_set = clients.repository.create_cloud_formation_change_set(
            ApplicationId=APPLICATION,
            SemanticVersion=VERSION,
            StackName=name,
            Capabilities=["CAPABILITY_IAM"],
            # With what follows a name: its versions and aliases are invoked too.
            ParameterOverrides=[{"Name": "lambdaResource", "Value": f"{function_arn}*"}],
        )["ChangeSetId"]
        _wait(
            lambda: clients.cloudformation.describe_change_set(ChangeSetName=change_set)["Status"],
            {"CREATE_COMPLETE"},
            "the change set",
            sleep,
        )
        clients.cloudformation.execute_change_set(ChangeSetName=change_set)
        _wait(lambda: _status(clients, stack), {"CREATE_COMPLETE"}, stack, sleep)
        described = clients.cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
        yield next(
            output["OutputValue"]
            for output in described.get("Outputs", [])
            if output.get("OutputKey") == MACHINE_OUTPUT
        )
    finally:
        _remove(clients, stack, sleep)


def _remove(clients: Clients, stack: str, sleep: Callable[[float], None]) -> None:
    if _status(clients, stack) is None:
        return
    console.say(f"Removing {stack}")
    resources = clients.cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    layers = [one["PhysicalResourceId"] for one in resources if one["ResourceType"] == LAYER_TYPE]
    # By its id, under which it can still be found when it is gone.
    stack_id = clients.cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackId"]
    clients.cloudformation.delete_stack(StackName=stack_id)
    # Until it begins, the status is that of whatever went wrong before.
    _wait(
        lambda: _status(clients, stack_id),
        {"DELETE_COMPLETE", None},
        f"the removal of {stack}",
        sleep,
        fatal=lambda status: status == "DELETE_FAILED",
    )
    for layer in filter(None, layers):
        name, _, version = layer.rpartition(":")
        clients.functions.delete_layer_version(LayerName=name, VersionNumber=int(version))


def _run(
    clients: Clients, machine: str, request: dict[str, Any], sleep: Callable[[float], None]
) -> dict[str, Any]:
    execution = clients.step_functions.start_execution(stateMachineArn=machine, input=json.dumps(request))
    arn = execution["executionArn"]
    try:
        _wait(
            lambda: clients.step_functions.describe_execution(executionArn=arn)["status"],
            {"SUCCEEDED"},
            "the tuning",
            sleep,
        )
    except BaseException:
        # It fails for one that has ended by itself, which is as well.
        with suppress(Exception):
            clients.step_functions.stop_execution(executionArn=arn)
        raise
    output: dict[str, Any] = json.loads(clients.step_functions.describe_execution(executionArn=arn)["output"])
    return output


@contextmanager
def _function_as_it_was(clients: Clients, function: str, megabytes: int) -> Iterator[None]:
    """Remove versions and aliases that an interrupted tuning left, and restore the memory size."""
    before = set(_tuning_aliases(clients, function))
    try:
        yield
    finally:
        for alias, version in _tuning_aliases(clients, function).items():
            if alias not in before:
                clients.functions.delete_alias(FunctionName=function, Name=alias)
                clients.functions.delete_function(FunctionName=function, Qualifier=version)
        now = clients.functions.get_function_configuration(FunctionName=function)["MemorySize"]
        if now != megabytes:
            clients.functions.update_function_configuration(FunctionName=function, MemorySize=megabytes)


def _tuning_aliases(clients: Clients, function: str) -> dict[str, str]:
    pages = aws.pages(clients.functions.list_aliases, following="Marker", FunctionName=function)
    aliases = [alias for page in pages for alias in page["Aliases"]]
    return {one["Name"]: one["FunctionVersion"] for one in aliases if one["Name"].startswith(ALIAS_PREFIX)}


def _status(clients: Clients, stack: str) -> str | None:
    """Return a stack's status; None when there is none of that name."""
    try:
        return clients.cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
    except clients.cloudformation.exceptions.ClientError as error:
        if "does not exist" in str(error):
            return None
        raise


def _has_failed(status: str | None) -> bool:
    return status is None or status in {"ABORTED", "TIMED_OUT"} or "FAILED" in status or "ROLLBACK" in status


def _wait(
    look: Callable[[], str | None],
    wanted: set[str | None],
    what: str,
    sleep: Callable[[float], None],
    *,
    fatal: Callable[[str | None], bool] = _has_failed,
) -> None:
    waited = 0.0
    while (status := look()) not in wanted:
        if fatal(status):
            raise StagectlError(f"{what} ended as {status}. See its events in the AWS console.")
        if waited >= DEADLINE_SECONDS:
            raise StagectlError(f"{what} is still {status} after {waited:.0f} s.")
        sleep(LOOK_SECONDS)
        waited += LOOK_SECONDS


def _tuning(function: str, configured_mb: int, output: dict[str, Any]) -> Tuning:
    # Whether the results stand in an envelope depends on who asks.
    results = output.get("results", output)
    rows = [
        Tuned(int(one["value"]), float(one["averageDuration"]), float(one["averagePrice"]))
        for one in results["stats"]
    ]
    return Tuning(
        function,
        configured_mb,
        sorted(rows, key=lambda row: row.megabytes),
        METHOD,
        is_estimate=False,
        chart=results["stateMachine"]["visualization"],
    )
