"""Deploy the stacks of a stage."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from stagectl.checkout import Checkout
from stagectl.checkout.services import Stack
from stagectl.deployment import build_folders, sls_output
from stagectl.deployment.sls import Sls
from stagectl.errors import DeploymentError, StagectlError
from stagectl.releases.live import LiveFunction
from stagectl.system import parallel
from stagectl.system.child_process import Completed
from stagectl.targets.target import Target
from stagectl.terminal import console
from stagectl.terminal.progress import Progress

TAGS_VARIABLE = "BIGMOUTH_TAGS"
"""What the plugin `tags` reads."""


class StackRepair(Protocol):
    """Repairs stacks that an interrupted deployment left."""

    def make_deployable(self, name: str, /) -> str | None:
        """Return the state that a CloudFormation stack was removed in, None when it could stay."""

    def stop_waiting(self) -> None:
        """Give up waiting for whatever a stack is waited for."""

    def is_unfinished(self, name: str, /) -> bool:
        """Return whether the last deployment of a CloudFormation stack did not come to its end."""


class DeploymentRecords(Protocol):
    """Records of deployments, which show what is unchanged."""

    def inputs_of(self, stack: Stack, /) -> str | None:
        """Return the hash of what a stack would be deployed from, None when it cannot be told."""

    def is_current(self, stack: Stack, inputs: str | None, /) -> bool:
        """Return whether a stack needs no deployment."""

    def note(self, stack: Stack, inputs: str | None, /) -> None:
        """Record a successful deployment."""


class Releases(Protocol):
    """Records what deployments make live."""

    def begin(self, stack: str, /) -> Sequence[LiveFunction]:
        """Record what is live before the deployment of a CloudFormation stack, and return it."""

    def finish(self, stack: str, before: Sequence[LiveFunction], /) -> None:
        """Record what is live after it."""


@dataclass(frozen=True)
class DeploymentPlan:
    """What is deployed, to which target, and how.

    Attributes:
        stage: Stage name, valid.
        stacks: The stacks by name.
        target: Where the stage lives; it must have been entered.
        parameters: `--param` values for sls, as `name=value`.
        jobs: How many stacks deploy at once.
        tags: Tags for the stacks beside those that their templates give them.
        force: Also deploy unchanged stacks.
    """

    stage: str
    stacks: Mapping[str, Stack]
    target: Target
    parameters: Sequence[str] = ()
    jobs: int = 3
    tags: Mapping[str, str] = field(default_factory=dict)
    force: bool = False


@dataclass
class DeploymentReport:
    """The result of a deployment.

    Attributes:
        outcomes: `deployed`, `unchanged`, `failed` or `interrupted` by stack.
        seconds: How long each stack took.
        failures: Output of the stacks that failed.
        not_begun: Stacks that were not deployed because another had failed.
    """

    outcomes: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    failures: dict[str, Completed] = field(default_factory=dict)
    not_begun: list[str] = field(default_factory=list)
    total_seconds: float = 0.0


def deploy(
    checkout: Checkout,
    plan: DeploymentPlan,
    states: StackRepair,
    records: DeploymentRecords | None = None,
    releases: Releases | None = None,
) -> DeploymentReport:
    """Deploy stacks with `sls deploy`, each as soon as its dependencies are deployed.

    After a failure no further deployment starts; its cause is printed.

    Args:
        checkout: The checkout that is deployed.
        plan: What is deployed, where to, and how.
        states: Repairs incomplete stacks.
        records: Records of what was deployed; without them every stack is packaged.
        releases: Records what becomes live; None where functions are not released.

    Raises:
        BusyError: Another deployment of this checkout runs, and BIGMOUTH_WAIT is not set.
        DeploymentError: A stack failed.
    """
    report = DeploymentReport()
    since = time.monotonic()
    with build_folders.hold(checkout, f"deploying stage {plan.stage}") as descriptor:
        environment = {**plan.target.environment, TAGS_VARIABLE: json.dumps(dict(plan.tags))}
        sls = Sls(checkout, environment, descriptor)

        def interrupt() -> None:
            states.stop_waiting()
            sls.interrupt()

        with Progress(plan.stacks, "deploying") as progress:
            deployment = _Deployment(checkout, plan, sls, states, records, releases, progress, report)
            report.not_begun = parallel.run_in_order(
                {name: stack.dependencies for name, stack in plan.stacks.items()},
                deployment.deploy_one,
                jobs=plan.jobs,
                interrupt=interrupt,
            )
    report.total_seconds = time.monotonic() - since
    if report.failures:
        raise DeploymentError(_failure_text(checkout, plan.stage, report))
    return report


@dataclass(frozen=True)
class _Deployment:
    checkout: Checkout
    plan: DeploymentPlan
    sls: Sls
    states: StackRepair
    records: DeploymentRecords | None
    releases: Releases | None
    progress: Progress
    report: DeploymentReport

    def deploy_one(self, name: str) -> bool:
        self.progress.started(name)
        try:
            return self._deploy(self.plan.stacks[name])
        except StagectlError:
            self.progress.ended(name, "failed")
            raise

    def _deploy(self, stack: Stack) -> bool:
        name, stage = stack.name, self.plan.stage
        removed = self.states.make_deployable(stack.on_stage(stage))
        if removed:
            console.say(f"  {name}: removed an incomplete stack of an earlier run ({removed})")
        unfinished = unfinished_mark(self.checkout, self.plan.target, stage, name)
        is_unfinished = unfinished.exists() or self.states.is_unfinished(stack.on_stage(stage))
        force = self.plan.force or is_unfinished
        inputs = self.records.inputs_of(stack) if self.records else None
        if self.records and not force and self.records.is_current(stack, inputs):
            self.report.outcomes[name] = "unchanged"
            self.report.seconds[name] = self.progress.ended(name, "unchanged")
            return True
        arguments = ["deploy", "--stage", stage, *self._parameters()]
        if force:
            # sls compares uploads, and those of an interrupted deployment look like a finished one.
            # The mark knows what happened on this machine, the stack what happened on others.
            arguments.append("--force")
        unfinished.parent.mkdir(parents=True, exist_ok=True)
        unfinished.touch()
        before = self.releases.begin(stack.on_stage(stage)) if self.releases else ()
        result = self.sls.run(stack.folder, arguments, log_of(self.checkout, stage, name))
        for warning in sls_output.warnings(result.output):
            console.say(f"  {name}: {warning}")
        outcome = "interrupted" if self.sls.interrupted else _outcome(result)
        self.report.outcomes[name] = outcome
        self.report.seconds[name] = self.progress.ended(name, outcome)
        if outcome == "failed":
            self.report.failures[name] = result
        if outcome in {"failed", "interrupted"}:
            return False
        if self.releases:
            self.releases.finish(stack.on_stage(stage), before)
        unfinished.unlink(missing_ok=True)
        if self.records:
            self.records.note(stack, inputs)
        return True

    def _parameters(self) -> list[str]:
        return [argument for value in self.plan.parameters for argument in ("--param", value)]


def unfinished_mark(checkout: Checkout, target: Target, stage: str, name: str) -> Path:
    """Return the file that exists while a stack may differ from its last deployment, which is then forced."""
    folder = target.emulator.folder / "tmp" if target.emulator else checkout.state
    return folder / "unfinished" / stage / name


def log_of(checkout: Checkout, stage: str, name: str) -> Path:
    """Return the file that holds the full output of a stack's last deployment or removal."""
    return checkout.logs / stage / f"{name}.log"


def _outcome(result: Completed) -> str:
    if result.exit_code != 0:
        return "failed"
    return "unchanged" if sls_output.is_unchanged(result.output) else "deployed"


def _failure_text(checkout: Checkout, stage: str, report: DeploymentReport) -> str:
    parts = []
    for name, result in report.failures.items():
        cause = "\n".join(f"    {line}" for line in sls_output.failure_cause(result.output).splitlines())
        log = checkout.shown(log_of(checkout, stage, name))
        parts.append(f"{name} failed to deploy to stage {stage}:\n{cause}\n  Full output: {log}")
    if report.not_begun:
        parts.append(f"Not deployed because of it: {', '.join(report.not_begun)}")
    return "\n".join(parts)
