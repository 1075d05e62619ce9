"""Taking a stage down."""

from typing import TYPE_CHECKING

from stagectl import deploy, file_lock, parallel, sls_output
from stagectl.checkout import Checkout
from stagectl.errors import DeploymentError, StagectlError, UsageError
from stagectl.progress import Progress
from stagectl.sls import Sls
from stagectl.stack_states import StackStates

if TYPE_CHECKING:
    from stagectl.local_stage import Stage

PERMANENT = frozenset({"dev", "staging", "prod"})


def check_removable(stage: str) -> None:
    """Raise for the stages that others live on.

    Raises:
        UsageError: The stage is one of them.
    """
    if stage in PERMANENT:
        raise UsageError(
            f"Stage {stage} is not taken down by stagectl, as others live on it. "
            "If it really must go, run `sls remove` in each folder."
        )


def take_down(checkout: Checkout, stage: "Stage", states: StackStates, *, jobs: int) -> dict[str, str]:
    """Remove a stage's stacks with `sls remove`, each after those that depend on it.

    Stacks that are not there are fine. The stage's target must have been entered.

    Returns:
        `removed` or `not there` by stack.

    Raises:
        BusyError: A deployment of this checkout runs.
        DeploymentError: A stack did not go.
    """
    check_removable(stage.name)
    outcomes: dict[str, str] = {}
    dependents = {
        name: frozenset(other.name for other in stage.stacks.values() if name in other.dependencies)
        for name in stage.stacks
    }
    with file_lock.hold(checkout.state / deploy.LOCK_NAME, f"removing stage {stage.name}") as descriptor:
        sls = Sls(checkout, stage.target.environment, descriptor)
        with Progress(stage.stacks, "removing") as progress:

            def remove_one(name: str) -> bool:
                progress.started(name)
                try:
                    outcomes[name] = _remove(checkout, stage, name, sls, states)
                except StagectlError:
                    progress.ended(name, "failed")
                    raise
                progress.ended(name, outcomes[name])
                return True

            parallel.run_in_order(dependents, remove_one, jobs=jobs, interrupt=sls.interrupt)
    return outcomes


def _remove(checkout: Checkout, stage: "Stage", name: str, sls: Sls, states: StackStates) -> str:
    stack = stage.stacks[name]
    status = states.find(stack.on_stage(stage.name))
    if status is None:
        return "not there"
    log = deploy.log_of(checkout, stage.name, name)
    result = sls.run(stack.folder, ["remove", "--stage", stage.name], log)
    if result.exit_code == 0:
        return "removed"
    if stage.target.is_emulator:
        states.remove(stack.on_stage(stage.name))
        return "removed"
    cause = "\n".join(f"    {line}" for line in sls_output.failure_cause(result.output).splitlines())
    raise DeploymentError(f"{name} was not removed:\n{cause}\n  Full output: {checkout.shown(log)}")
