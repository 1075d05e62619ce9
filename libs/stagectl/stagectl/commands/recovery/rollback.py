"""Return a stage's functions to the versions before its last release."""

from collections.abc import Sequence
from typing import Annotated

import typer

from stagectl.checkout import Checkout
from stagectl.commands import completion, confirmation
from stagectl.commands.options import AsJson, OnEmulator, RequiredStage
from stagectl.errors import StagectlError
from stagectl.people.audit import Audit
from stagectl.releases import rollback as rolling
from stagectl.releases import shifts
from stagectl.releases.live import LiveAliases
from stagectl.releases.rollback import Outcome, Step
from stagectl.stacks.stage import Stage
from stagectl.stages import lifecycle
from stagectl.terminal import console, json_document


def rollback(
    services: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SERVICE]...",
            autocompletion=completion.service_names,
            help="Only these services.  \\[default: all]",
        ),
    ] = None,
    *,
    stage: RequiredStage = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print what would change.")] = False,
    confirmed: Annotated[
        bool, typer.Option("--yes", help="Do not ask; required without a terminal.")
    ] = False,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Return functions to the versions that were live before the last release, within seconds.

    Stops deployments of CodeDeploy that are shifting traffic, and moves each alias `live` that the last
    release moved; nothing is built. A release is one `stagectl up`. Safe to repeat: what is rolled back stays
    so, and no earlier release is undone. Tables, queues and the shape of an API stay as they are.

    Exits with 1 when something moved an alias without stagectl, so that the version before is not known.

    For example:

        stagectl rollback --stage prod --dry-run

        stagectl rollback --stage prod --yes

        stagectl rollback --stage dev orders notifications
    """
    found = lifecycle.find(Checkout.here(), stage, use_emulator=emulator, only=services or ())
    lifecycle.enter_deployed(found)
    aliases = LiveAliases.of_entered_target()
    functions = aliases.of_stacks(stack.on_stage(found.name) for stack in found.stacks.values())
    if not functions:
        raise StagectlError(
            f"Nothing to roll back: no function of stage {found.name} is behind an alias `live`. Deploy it "
            "again from a commit that works: stagectl up."
        )
    planned = rolling.plan(functions)
    steps = [step for _, step in planned]
    if not dry_run:
        if not confirmed:
            confirmation.require(
                found.name,
                "the stage's name",
                {found.name},
                look_first="Look at what would change first: stagectl rollback --dry-run.",
                purpose="send all traffic to the versions before",
            )
        rolling.run(aliases, planned, shifts.stopper(found.target))
        _record(found, steps)
    _show(steps, as_json=as_json)
    if any(step.outcome is Outcome.UNKNOWN for step in steps):
        raise typer.Exit(1)


def _record(stage: Stage, steps: Sequence[Step]) -> None:
    """Write a line for each function that was moved. A rollback is not kept waiting for its record."""
    moved = [step for step in steps if step.outcome is Outcome.BACK]
    try:
        audit = Audit.of_stage(stage.name).open() if moved else None
    except Exception as error:  # noqa: BLE001 - whatever it is, customers come first
        console.say(f"The rollback is done, and not in the record of operators' actions: {error}")
        return
    for step in moved:
        if audit:
            audit.write(f"rollback {step.function} from version {step.before} to {step.after}")


def _show(steps: Sequence[Step], *, as_json: bool) -> None:
    if as_json:
        console.result(json_document.text(steps))
        return
    for step in steps:
        version = step.before if step.before == step.after else f"{step.before} → {step.after}"
        console.result(f"{step.function}: {version}  {step.outcome.value}: {step.reason}")
