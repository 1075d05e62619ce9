"""The functions that CodeDeploy calls before a new version gets traffic, and after it has all of it."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from botocore.config import Config
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from service_kit import aws
from service_kit.events import event_handler
from service_kit.invocation import CHECK_MARK, logger
from service_kit.releases._checks import CHECK_ID, FRESH_ID, Check, Request
from service_kit.settings import ServiceSettings, load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mypy_boto3_lambda.client import LambdaClient

    from service_kit.events._arguments import EventHandler
    from service_kit.releases._traffic import PublicRequest

__all__ = ["Hook", "Report", "release_check", "traffic_check"]

# A new version starts cold, and makes its own calls.
_INVOCATION_SECONDS = 40


class Hook(BaseModel):
    """What a hook is called with: by CodeDeploy its deployment, by anyone else a function and its version."""

    deployment_id: str | None = Field(default=None, alias="DeploymentId")
    execution_id: str | None = Field(default=None, alias="LifecycleEventHookExecutionId")
    function: str | None = None
    version: str | None = None


class Outcome(BaseModel):
    """How one check went; `fault` says why it failed."""

    check: str
    passed: bool
    fault: str | None = None


class Report(BaseModel):
    """What a hook found."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    checked: str
    version: str | None = None
    outcomes: list[Outcome]
    passed: bool


class TrafficSettings(ServiceSettings):
    """Where the service answers, and whether it does so to the edge alone."""

    service_url: str
    behind_edge: bool = False


def release_check(
    checks: Mapping[str, Sequence[Check]], *, lambda_client: LambdaClient | None = None
) -> EventHandler[Any]:
    """Make the pre-traffic hook of a service: it invokes a new version and compares the answers.

    A version runs the code that its trigger would run, under its own role, with the stage's configuration,
    secrets and tables. During a check it puts its events on the bus as `release_check`, which no consumer
    reads, moves no message to a dead-letter queue and counts no metrics. Adapters whose effect reaches a
    person, or stays, ask `service_kit.invocation.is_release_check()`.

    Args:
        checks: By the function's name, as in serverless.yml. A function without checks is sent a request,
            and has to answer it with a status below 500.
        lambda_client: Invokes the version; by default a client that waits for its cold start.
    """

    def examine(hook: Hook) -> Report:
        function, version = _version_of(hook)
        settings = load_settings(ServiceSettings)
        name = function.removeprefix(f"{settings.service}-{settings.stage}-")
        outcomes = [
            _outcome(f"{name} {index}", _run(lambda_client or _lambda(), function, version, check))
            for index, check in enumerate(checks.get(name, [Request()]), start=1)
        ]
        return _report(function, outcomes, version)

    return _hook(examine)


def traffic_check(requests: Sequence[PublicRequest]) -> EventHandler[Any]:
    """Make the post-traffic hook of a service: it sends requests to its public URL, `SERVICE_URL`.

    Args:
        requests: What to send.
    """

    def examine(_: Hook) -> Report:
        settings = load_settings(TrafficSettings)
        url, behind_edge = settings.service_url, settings.behind_edge
        faults = {one.path: one.fault(url, behind_edge=behind_edge) for one in requests}
        return _report(url, [_outcome(f"GET {path}", fault) for path, fault in faults.items()])

    return _hook(examine)


def _hook(examine: Callable[[Hook], Report]) -> EventHandler[Any]:
    """Make a handler that examines, reports to CodeDeploy, and answers the report."""

    @event_handler()
    def handle(hook: Hook) -> Report:
        passed = False
        try:
            report = examine(hook)
            passed = report.passed
        finally:
            # Without a word from the hook CodeDeploy would wait for an hour.
            if hook.deployment_id is not None:
                aws.client("codedeploy").put_lifecycle_event_hook_execution_status(
                    deploymentId=hook.deployment_id,
                    lifecycleEventHookExecutionId=hook.execution_id,
                    status="Succeeded" if passed else "Failed",
                )
        return report

    return handle


def _version_of(hook: Hook) -> tuple[str, str]:
    """Return the full name of the function and the version that is to get traffic."""
    if hook.deployment_id is None:
        return str(hook.function), str(hook.version)
    codedeploy = aws.client("codedeploy")
    ids = codedeploy.list_deployment_targets(deploymentId=hook.deployment_id)["targetIds"]
    found = codedeploy.batch_get_deployment_targets(deploymentId=hook.deployment_id, targetIds=ids)
    about = found["deploymentTargets"][0]["lambdaTarget"]["lambdaFunctionInfo"]
    return str(about["functionName"]), str(about["targetVersion"])


def _run(client: LambdaClient, function: str, version: str, check: Check) -> str | None:
    """Invoke the version; return what is wrong, or None."""
    event = json.dumps({**check.event(), CHECK_MARK: True}).replace(FRESH_ID, f"{CHECK_ID}-{uuid4()}")
    answer: Mapping[str, Any] = client.invoke(
        FunctionName=function, Qualifier=version, Payload=event.encode()
    )
    payload = json.loads(answer["Payload"].read() or b"null")
    if "FunctionError" in answer:
        # Its message may hold data; the version's own log has it.
        return check.fault(None, str((payload or {}).get("errorType", answer["FunctionError"])))
    return check.fault(payload, None)


def _outcome(check: str, fault: str | None) -> Outcome:
    return Outcome(check=check, passed=fault is None, fault=fault)


def _report(checked: str, outcomes: list[Outcome], version: str | None = None) -> Report:
    report = Report(
        checked=checked,
        version=version,
        outcomes=outcomes,
        passed=all(outcome.passed for outcome in outcomes),
    )
    log = logger.info if report.passed else logger.error
    said = report.model_dump(exclude_none=True)
    log("release check passed" if report.passed else "release check failed", extra=said)
    return report


@cache
def _lambda() -> LambdaClient:
    # An invocation takes longer than other calls, and is not repeated: the check would not be the first.
    config = Config(read_timeout=_INVOCATION_SECONDS, retries={"total_max_attempts": 1})
    return aws.session().client("lambda", config=config, verify=aws.ca_bundle())
