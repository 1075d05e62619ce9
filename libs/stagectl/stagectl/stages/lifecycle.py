"""The life of a stage: start the emulator, deploy the stacks, load demo data, remove it."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from stagectl import aws
from stagectl.checkout import Checkout, services, stage_parameters
from stagectl.checkout.facts import PERMANENT_STAGES
from stagectl.deployment import deploy, deployed_before, newer_commits, partial_preview, seed
from stagectl.deployment.deploy import DeploymentPlan, DeploymentReport
from stagectl.errors import EmulatorError, UsageError
from stagectl.recovery import event_tap
from stagectl.releases.recorder import ReleaseRecorder
from stagectl.removal import remove
from stagectl.stacks import base_stage
from stagectl.stacks.stack_states import StackStates
from stagectl.stacks.stage import Stage
from stagectl.stacks.stage_secrets import Outcome, StageSecrets
from stagectl.stages import listing
from stagectl.targets import emulator, expected_account, provenance, stage_name, target
from stagectl.targets.emulator import EmulatorState
from stagectl.terminal import console, hints

DEFAULT_TIME_TO_LIVE = timedelta(days=3)
"""After this `stagectl reap` takes a stage that is not permanent."""

SPARE_JOBS = 1
"""sls waits for CloudFormation half of the time, so one run more than processors keeps them busy."""


@dataclass
class Timings:
    """How long the parts of a deployment took, in seconds."""

    emulator_seconds: float | None = None
    deployment: DeploymentReport = field(default_factory=DeploymentReport)
    seed_seconds: float | None = None
    total_seconds: float = 0.0


def find(
    checkout: Checkout,
    raw_name: str,
    *,
    use_emulator: bool = False,
    port: int | None = None,
    only: Sequence[str] = (),
    parameters: Sequence[str] = (),
) -> Stage:
    """Return the stage that a user names, with its target; nothing is started.

    Args:
        checkout: The checkout with the stage's stacks.
        raw_name: The stage's name, or a branch's.
        use_emulator: Whether it is on the emulator, whatever its name.
        port: Port of the emulator.
        only: Names of its stacks; without any, all that the stage has by its parameters.
        parameters: Parameters of the deployment, as `name=value`, beside those of `shared-infra/params.yml`.

    Raises:
        UsageError: The name cannot be a stage's, the stage has no such service as one in `only`, or there is
            no such parameter.
        StacksError: The stacks of the checkout do not fit together.
    """
    stage_parameters.check(checkout.root, parameters)
    stacks = services.discover(checkout.root)
    name = stage_name.normalise(raw_name, stage_name.max_length(stacks.values()))
    stage_name.check(name, stacks.values())
    if name != raw_name:
        console.say(f"Stage {name} (for {raw_name})")
    where = target.resolve(checkout, name, use_emulator=use_emulator, port=port)
    own = {
        key: stack
        for key, stack in services.select(stacks, only).items()
        if not stack.is_opt_in or stage_parameters.effective(checkout.root, name, key, parameters) == "true"
    }
    for left_out in set(only) - own.keys():
        raise UsageError(
            f"The stage {name} does not have {left_out}. Set {left_out}: true for it in "
            f"shared-infra/params.yml, or pass --param {left_out}=true."
        )
    return Stage(name, own, where, expected_account.of(checkout.root, name))


def enter(stage: Stage) -> None:
    """Enter the stage's target, start its emulator if it has one, and print the target.

    Raises:
        EmulatorError: The emulator does not start.
        CredentialsError: AWS refuses the credentials, or they are for another account than the stage's.
    """
    where = stage.target
    if where.emulator and where.emulator.start():
        console.say(f"Emulator started on port {where.emulator.port}")
    where.enter()
    if not where.is_emulator:
        account = target.account_id(where)
        expected_account.check(stage.name, stage.account, account)
        console.say(f"Stage {stage.name} in AWS account {account}, {os.environ['AWS_REGION']}")


def enter_existing(stage: Stage) -> None:
    """Enter the target of a stage that exists; no emulator is started.

    Raises:
        EmulatorError: The stage is on an emulator that does not run; the message names those that do.
        CredentialsError: AWS refuses the credentials.
    """
    machine = stage.target.emulator
    if machine and machine.state() is not EmulatorState.HEALTHY:
        running = [other.port for other in emulator.known_emulators(machine.checkout) if other.is_alive()]
        hint = ", ".join(f"BIGMOUTH_PORT={port}" for port in running if port != machine.port)
        raise EmulatorError(
            f"The emulator on port {machine.port} does not run. "
            + (
                f"Running emulators of this checkout: {hint}"
                if hint
                else f"Start it: {machine.checkout.way_to_start}."
            )
        )
    enter(stage)


def enter_deployed(stage: Stage) -> None:
    """Enter the target of a stage, and check that it has a stack.

    Raises:
        UsageError: There is no such stage; the message names the existing ones.
        EmulatorError: The stage is on an emulator that does not run.
        CredentialsError: AWS refuses the credentials.
    """
    enter_existing(stage)
    states = StackStates.of(stage.target)
    stacks = stage.stacks.values()
    if any(states.find(stack.on_stage(stage.name)) for stack in stacks):
        return
    target_name = stage.target.description
    others = [found.name for found in listing.group_by_stage(states.all(), stacks, target_name)]
    raise UsageError(
        hints.unknown("stage", stage.name, others, where=f" on {target_name}")
        + f" To deploy it: stagectl up --stage {stage.name}."
    )


def default_jobs() -> int:
    """Return how many stacks are processed at once by default."""
    return (os.cpu_count() or 1) + SPARE_JOBS


def bring_up(
    checkout: Checkout,
    stage: Stage,
    *,
    parameters: Sequence[str] = (),
    jobs: int | None = None,
    seeding: bool = True,
    time_to_live: timedelta = DEFAULT_TIME_TO_LIVE,
    partial: partial_preview.PartialPreview | None = None,
    force: bool = False,
    forward_only: bool = False,
) -> Timings:
    """Deploy a stage's stacks, create missing secrets, and load demo data.

    Args:
        checkout: The checkout to deploy.
        stage: The stage, with the stacks to deploy.
        parameters: `--param` values for sls, as `name=value`.
        jobs: How many stacks deploy at once.
        seeding: Whether to fill it with demo data.
        time_to_live: How long it may stay.
        partial: What makes it a partial preview; without it, all stacks are deployed.
        force: Also deploy unchanged stacks.
        forward_only: Whether to refuse when one of the stacks is at a newer commit.

    Raises:
        StagectlError: Something failed; the message says what.
    """
    timings = Timings()
    since = time.monotonic()
    enter(stage)
    if stage.target.emulator:
        timings.emulator_seconds = time.monotonic() - since
    states = StackStates.of(stage.target)
    if forward_only:
        there = (states.find(stack.on_stage(stage.name)) for stack in stage.stacks.values())
        newer_commits.check(checkout.root, stage.name, filter(None, there))
    if partial is not None:
        stage = _take_from_base(stage, partial)
        parameters = partial_preview.with_configuration_of(partial.base, parameters)
    if stage.name not in PERMANENT_STAGES:
        base_stage.give_back(aws.session().client("ssm"), stage.name, stage.stacks)
    plan = DeploymentPlan(
        stage=stage.name,
        stacks=stage.stacks,
        target=stage.target,
        parameters=parameters,
        jobs=jobs or default_jobs(),
        tags=provenance.tags(checkout.root, stage.name, time_to_live=time_to_live),
        force=force,
    )
    records = deployed_before.of(checkout, plan)
    releases = ReleaseRecorder.of_stage(
        checkout.root, stage.name, parameters, is_emulator=stage.target.is_emulator
    )
    timings.deployment = deploy.deploy(checkout, plan, states, records, releases)
    for secret in StageSecrets.find(states, stage.name, stage.stacks.values()).make_missing():
        if secret.outcome is Outcome.MADE:
            console.say(f"  created the secret {secret.name}")
    if seeding and any(stack.seed_script.is_file() for stack in stage.stacks.values()):
        console.say("Loading demo data")
        seeding_since = time.monotonic()
        seed.seed(checkout, stage.name, stage.stacks, stage.target)
        timings.seed_seconds = time.monotonic() - seeding_since
    timings.total_seconds = time.monotonic() - since
    return timings


def _take_from_base(stage: Stage, partial: partial_preview.PartialPreview) -> Stage:
    """Return the stage with only the stacks that are deployed; its base stage has the others."""
    composition = partial_preview.take(aws.session(), stage.name, stage.stacks, partial)
    console.say(f"Stage {stage.name}")
    for line in composition.lines(partial.base):
        console.say(line)
    return replace(stage, stacks=services.select(stage.stacks, composition.deployed))


def named(checkout: Checkout, name: str, *, use_emulator: bool = False) -> Stage:
    """Return the stage of exactly this name, even if this checkout would choose another name.

    Raises:
        StacksError: The stacks of the checkout do not fit together.
    """
    where = target.resolve(checkout, name, use_emulator=use_emulator, port=None)
    account = expected_account.of(checkout.root, name)
    return Stage(name, services.discover(checkout.root), where, account)


def all_meant(checkout: Checkout, raw_name: str, *, use_emulator: bool = False) -> list[Stage]:
    """Return every stage that a name may mean when it is removed.

    Mostly that is one. How long a name may be follows from the functions' names: of a name that is too long
    for this checkout, another one may have created a stage unchanged.

    Raises:
        UsageError: The name cannot be a stage's.
    """
    meant = find(checkout, raw_name, use_emulator=use_emulator)
    if meant.name == raw_name or not stage_name.is_valid(raw_name):
        return [meant]
    return [meant, named(checkout, raw_name, use_emulator=use_emulator)]


def take_down(checkout: Checkout, stage: Stage, *, jobs: int | None = None) -> dict[str, str]:
    """Remove a stage's stacks and what it left beside them. It must have been entered.

    Returns:
        `removed` or `not there` by service.

    Raises:
        UsageError: The stage is permanent, or something in it is protected.
        RemovalError: Something could not be removed.
        StagectlError: Another command is deploying or testing it.
    """
    remove.check_removable(stage.name)
    event_tap.remove_all(stage.name)
    outcomes = remove.take_down(checkout, stage, StackStates.of(stage.target), jobs=jobs or default_jobs())
    seed.sign_ins_file(checkout, stage.name, stage.target).unlink(missing_ok=True)
    return outcomes
