"""Remove a stage."""

from typing import Annotated

import typer

from stagectl.checkout import Checkout
from stagectl.commands.options import AsJson, Jobs, OnEmulator, RequiredStage
from stagectl.removal import remove
from stagectl.stacks.stage import Stage
from stagectl.stages import lifecycle
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document


def down(
    *,
    stage: RequiredStage = "",
    jobs: Jobs = None,
    emulator: OnEmulator = False,
    keep_emulator: Annotated[
        bool, typer.Option("--keep-emulator", help="With the stage `local`: leave the emulator running.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Remove a stage: its stacks, the resources that they retain, and its parameters.

    Stacks are found on the stage, so those of services that this checkout lacks are removed too. Safe to
    repeat after an interruption. Refuses the stages dev, staging and prod, and a stage with deletion
    protection, before anything is removed. Exits with 1 when something could not be removed.

    For example:

        stagectl down --stage local

        stagectl down --stage feature/new-menu --json
    """
    checkout = Checkout.here()
    remove.check_removable(stage)
    for resolved in lifecycle.all_meant(checkout, stage, use_emulator=emulator):
        machine = resolved.target.emulator
        if machine and not machine.is_alive():
            console.say(f"The emulator on port {machine.port} does not run. Nothing to remove.")
            continue
        lifecycle.enter(resolved)
        _take_down(checkout, resolved, jobs=jobs, as_json=as_json)
        if machine and resolved.name == LOCAL_STAGE and not keep_emulator:
            machine.stop()
            console.say(f"Stopped the emulator on port {machine.port}.")


def _take_down(checkout: Checkout, stage: Stage, *, jobs: int | None, as_json: bool) -> None:
    removal = remove.Removal()
    try:
        removal.outcomes = lifecycle.take_down(checkout, stage, jobs=jobs)
    except remove.RemovalError as error:
        removal = error.removal
        raise
    finally:
        if as_json and removal.outcomes:
            console.result(
                json_document.text({"stage": stage.name, "outcomes": removal.outcomes, "left": removal.left})
            )
    if removal.was_not_there:
        console.say(f"Stage {stage.name} does not exist. Nothing to remove.")
    else:
        console.say(f"Removed stage {stage.name}.")
