"""Remove a stage."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from stagectl.aws import refusals
from stagectl.checkout import Checkout
from stagectl.deployment import build_folders
from stagectl.errors import BusyError, DeploymentError, StagectlError, UsageError
from stagectl.removal import leftovers, stage_lock
from stagectl.removal.deletion_protection import DeletionProtection
from stagectl.removal.leftovers import Left, Leftovers
from stagectl.stacks import stage_stacks
from stagectl.stacks.stack_states import StackStates
from stagectl.stacks.stack_status import StackStatus
from stagectl.stacks.stage import Stage
from stagectl.system import parallel
from stagectl.targets import stage_name
from stagectl.terminal.progress import Progress

_REMOVED, _NOT_THERE, _FAILED, _KEPT = "removed", "not there", "failed", "kept"


@dataclass
class Removal:
    """The result of removing a stage.

    Attributes:
        outcomes: `removed`, `not there`, `failed` or `kept` by service.
        left: What could not be removed.
    """

    outcomes: dict[str, str] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)

    @property
    def was_not_there(self) -> bool:
        """Whether no stack was found."""
        return set(self.outcomes.values()) <= {_NOT_THERE}


class RemovalError(DeploymentError):
    """Part of a stage could not be removed; what was removed is in `removal`."""

    def __init__(self, stage: str, removal: Removal) -> None:
        lines = [f"  {one.what}: {one.reason}" for one in removal.left]
        way_out = f"Fix that, then run `stagectl down --stage {stage}` again."
        super().__init__("\n".join([f"Not all of stage {stage} was removed:", *lines, way_out]))
        self.removal = removal


def check_removable(stage: str) -> None:
    """Raise for a permanent stage, however its name is spelled.

    Raises:
        UsageError: The stage is one of them.
    """
    if stage_name.is_permanent(stage):
        raise UsageError(
            f"Stage {stage} is permanent: stagectl does not remove it. "
            "To remove it all the same, run `sls remove` in each folder."
        )


def take_down(
    checkout: Checkout,
    stage: Stage,
    states: StackStates,
    *,
    jobs: int,
    protection: DeletionProtection | None = None,
    beside: Leftovers | None = None,
) -> dict[str, str]:
    """Remove a stage's stacks, each after those that depend on it, then its parameters and log groups.

    The stacks are found on the stage, so that those go too which only another branch knows. What is not there
    is fine: a removal that was broken off is simply begun again. A stack that fails keeps those that it
    needs, the others go. The stage's target must have been entered.

    Args:
        checkout: The checkout, whose other commands are locked out.
        stage: The stage.
        states: The stacks of its target.
        jobs: How many go at once.
        protection: What tells whether something is protected; that of the target when not given.
        beside: What removes the rest; that of the target when not given.

    Returns:
        `removed` or `not there` by service.

    Raises:
        UsageError: The stage is permanent, or something in it is protected; nothing was touched.
        BusyError: It is being deployed or tested; nothing was touched.
        RemovalError: Something could not be removed.
    """
    check_removable(stage.name)
    with _alone(checkout, stage.name):
        found = _settled(states, stage)
        (protection or DeletionProtection.here()).check(states, found.values())
        log_groups: set[str] = set()
        for status in found.values():
            log_groups |= leftovers.log_groups_of_resources(states.resources(status.name))
        removal = Removal({name: _NOT_THERE for name in stage.stacks if name not in found})
        _remove_stacks(stage, found, states, removal, jobs=jobs)
        foreign = _look_again(states, stage, removal)
        if set(removal.outcomes.values()) <= {_REMOVED, _NOT_THERE}:
            own = [stack for name, stack in stage.stacks.items() if name not in foreign]
            log_groups |= leftovers.log_groups_of_functions(own, stage.name)
            services = removal.outcomes.keys() - foreign
            removal.left += (beside or Leftovers.here()).remove(stage.name, services, log_groups)
    if removal.left:
        raise RemovalError(stage.name, removal)
    return removal.outcomes


@contextlib.contextmanager
def _alone(checkout: Checkout, stage: str) -> Iterator[None]:
    """Lock the stage against deployments and test runs of this checkout."""
    doing = f"removing stage {stage}"
    with stage_lock.hold(checkout, stage, doing), build_folders.hold(checkout, doing):
        yield


def _settled(states: StackStates, stage: Stage) -> Mapping[str, StackStatus]:
    """Return the stage's stacks by service once none is changing."""
    found = stage_stacks.find(states, stage.name, stage.stacks).own
    if not any(status.is_changing for status in found.values()):
        return found
    for status in found.values():
        states.settled(status.name)
    found = stage_stacks.find(states, stage.name, stage.stacks).own
    busy = [f"{one.name} is in state {one.state}" for one in found.values() if one.is_changing]
    if busy and not stage.target.is_emulator:
        raise BusyError(
            f"Stage {stage.name} is being deployed: {', '.join(busy)}. Nothing was removed. "
            "Wait for the deployment to end, then try again."
        )
    return found


def _remove_stacks(
    stage: Stage, found: Mapping[str, StackStatus], states: StackStates, removal: Removal, *, jobs: int
) -> None:
    needs = stage_stacks.dependencies(states, found, stage.stacks)
    dependents = {name: frozenset(other for other in needs if name in needs[other]) for name in needs}
    # Those that the checkout does not know first, since their other dependencies are unknown.
    order = sorted(dependents, key=lambda name: name in stage.stacks)
    with Progress(order, "removing") as progress:

        def remove_one(name: str) -> bool:
            progress.started(name)
            try:
                kept = states.remove(found[name].name)
                removal.outcomes[name] = _REMOVED
                removal.left += [Left(what, "the template of its stack retains it") for what in kept]
            except Exception as error:
                if not isinstance(error, StagectlError) and not refusals.is_from_aws(error):
                    raise
                removal.outcomes[name] = _FAILED
                removal.left.append(Left(f"stack {found[name].name}", str(error)))
            progress.ended(name, removal.outcomes[name])
            return removal.outcomes[name] == _REMOVED

        spared = parallel.run_in_order(
            {name: dependents[name] for name in order},
            remove_one,
            jobs=jobs,
            interrupt=states.stop_waiting,
            keep_going=True,
        )
    for name in spared:
        removal.outcomes[name] = _KEPT
        removal.left.append(Left(f"stack {found[name].name}", "a stack that depends on it still exists"))


def _look_again(states: StackStates, stage: Stage, removal: Removal) -> set[str]:
    """Record stacks that appeared meanwhile, and stacks of the stage's names with other tags.

    Returns:
        The services whose stacks only look like the stage's: what is called like theirs is not ours either.
    """
    now = stage_stacks.find(states, stage.name, stage.stacks)
    for name, status in now.own.items():
        if removal.outcomes.get(name, _NOT_THERE) in {_REMOVED, _NOT_THERE}:
            removal.outcomes[name] = _FAILED
            reason = f"it appeared meanwhile ({status.state}): another process is deploying the stage"
            removal.left.append(Left(f"stack {status.name}", reason))
    removal.left += [
        Left(f"stack {name}", f"kept: its name is the stage's, but its tags are {said}")
        for name, said in now.foreign.items()
    ]
    return {name for name, stack in stage.stacks.items() if stack.on_stage(stage.name) in now.foreign}
