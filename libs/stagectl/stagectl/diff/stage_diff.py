"""Compute what deploying the checkout would change on a stage."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stagectl import aws
from stagectl.aws import refusals
from stagectl.checkout import Checkout
from stagectl.checkout.services import Stack
from stagectl.deployment import build_folders, deploy, sls_output
from stagectl.deployment.sls import Sls
from stagectl.diff import iam_diff, iam_statements
from stagectl.diff import template_diff as templates
from stagectl.diff.iam_diff import PermissionChange
from stagectl.diff.template_diff import TemplateDiff
from stagectl.errors import DeploymentError
from stagectl.stacks.stack_states import StackStates
from stagectl.stacks.stage import Stage
from stagectl.stages.lifecycle import default_jobs
from stagectl.system import parallel
from stagectl.terminal.progress import Progress

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient

TEMPLATE = Path(".serverless") / "cloudformation-template-update-stack.json"
FUNCTION = "AWS::Lambda::Function"


@dataclass(frozen=True)
class CodeChange:
    """A function whose package changes, with the hashes of both as Lambda tells them, or None."""

    function: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class ServiceDiff:
    """What changes for one service.

    Attributes:
        service: Its name.
        is_new: Whether its stack does not exist yet.
        template: What changes in its template.
        code: Functions whose code changes, those that are new or go aside.
        permissions: What changes in who may do what.
    """

    service: str
    is_new: bool
    template: TemplateDiff
    code: Sequence[CodeChange] = field(default=())
    permissions: Sequence[PermissionChange] = field(default=())

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes."""
        return not (self.is_new or self.code or self.permissions or self.template != TemplateDiff())


def package(checkout: Checkout, stage: Stage, parameters: Sequence[str]) -> None:
    """Package a stage's services as their deployment would, side by side.

    Raises:
        BusyError: Another command of this checkout deploys or packages.
        DeploymentError: A service cannot be packaged.
    """
    with build_folders.hold(checkout, f"comparing with stage {stage.name}") as descriptor:
        sls = Sls(checkout, stage.target.environment, descriptor)
        with Progress(stage.stacks, "packaging") as progress:

            def package_one(name: str) -> bool:
                progress.started(name)
                log = deploy.log_of(checkout, stage.name, f"{name}-package")
                arguments = ["package", "--stage", stage.name]
                arguments += [argument for value in parameters for argument in ("--param", value)]
                result = sls.run(stage.stacks[name].folder, arguments, log)
                progress.ended(name, "packaged" if result.exit_code == 0 else "failed")
                if result.exit_code and not sls.interrupted:
                    cause = sls_output.failure_cause(result.output)
                    shown = checkout.shown(log)
                    raise DeploymentError(f"{name} cannot be packaged:\n{cause}\n  Full output: {shown}")
                return result.exit_code == 0

            parallel.run_in_order(
                dict.fromkeys(stage.stacks, frozenset()),
                package_one,
                jobs=default_jobs(),
                interrupt=sls.interrupt,
            )


def compare(stage: Stage, states: StackStates) -> list[ServiceDiff]:
    """Return what deploying the built packages would change, by service.

    It reads stacks, templates and functions, and changes nothing. The stage's target must have been entered.
    """
    functions = aws.session().client("lambda")
    return [of_service(stack, stage.name, states, functions) for stack in stage.stacks.values()]


def of_service(stack: Stack, stage: str, states: StackStates, functions: "LambdaClient") -> ServiceDiff:
    """Return what the package of one service would change on a stage.

    Raises:
        ClientError: AWS does not let the caller read the stack.
    """
    packaged: dict[str, Any] = json.loads((stack.folder / TEMPLATE).read_text("utf-8"))
    name = stack.on_stage(stage)
    is_new = states.find(name) is None
    before = {} if is_new else templates.normalised(states.deployed_template(name))
    after = templates.normalised(packaged)
    kept = [one for key, one in packaged["Resources"].items() if key in before.get("Resources", {})]
    return ServiceDiff(
        service=stack.name,
        is_new=is_new,
        template=templates.compare(before, after),
        code=_code_changes(stack.folder, kept, functions),
        permissions=iam_diff.compare(iam_statements.of_template(before), iam_statements.of_template(after)),
    )


def _code_changes(
    folder: Path, resources: Sequence[Mapping[str, Any]], functions: "LambdaClient"
) -> tuple[CodeChange, ...]:
    changes = []
    for resource in resources:
        if resource["Type"] != FUNCTION:
            continue
        function = resource["Properties"]["FunctionName"]
        before, after = _deployed_hash(function, functions), packaged_hash(folder, resource)
        if before != after:
            changes.append(CodeChange(function, before, after))
    return tuple(changes)


def packaged_hash(folder: Path, resource: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a function's code in the package that was built, in Lambda's form."""
    artifact = folder / ".serverless" / resource["Properties"]["Code"]["S3Key"].rpartition("/")[2]
    return base64.b64encode(hashlib.sha256(artifact.read_bytes()).digest()).decode()


def _deployed_hash(function: str, functions: "LambdaClient") -> str | None:
    from botocore.exceptions import ClientError  # noqa: PLC0415 - comes with boto3, see aws.py

    try:
        return functions.get_function(FunctionName=function)["Configuration"]["CodeSha256"]
    except ClientError as error:
        if not refusals.is_missing(error):
            raise
        return None
