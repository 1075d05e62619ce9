"""Migrate the stored data of a stage."""

from typing import Annotated

import typer

from stagectl.checklist import migrations
from stagectl.checklist.history import History
from stagectl.checkout import Checkout
from stagectl.commands.options import AsJson, OnEmulator, RequiredStage
from stagectl.stacks.stack_states import StackStates
from stagectl.stages import lifecycle
from stagectl.terminal import console, json_document


def migrate(
    *,
    stage: RequiredStage = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only count what each migration would change.")
    ] = False,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Migrate the stored data of a stage, before the code that needs it is deployed.

    Runs the migrations of this checkout that the stage has not had, in order; one that was interrupted
    resumes. A service that is not deployed yet has no data, so its migrations count as done. Workflows run it
    before each deployment of a permanent stage; `release` runs it as one of its steps.

    For example:

        stagectl migrate --stage staging --dry-run
    """
    checkout = Checkout.here()
    resolved = lifecycle.find(checkout, stage, use_emulator=emulator)
    lifecycle.enter_existing(resolved)
    states = StackStates.of(resolved.target)
    there = {name for name, stack in resolved.stacks.items() if states.find(stack.on_stage(resolved.name))}
    migrating = migrations.Migrations(resolved.name, History.of_stage(resolved.name), console.say)
    pending = migrating.pending(migrations.find(resolved.stacks))
    documents = []
    for one in pending:
        if one.service not in there:
            said = "no data yet"
            if not dry_run:
                migrating.adopt(one)
        elif dry_run:
            said = f"would change {migrating.count(one)} items"
        else:
            said = f"changed {migrating.run(one)} items"
        documents.append({"service": one.service, "migration": one.name, "outcome": said})
        if not as_json:
            console.result(f"{one}: {said}")
    if as_json:
        console.result(json_document.text(documents))
    if not pending:
        console.say(f"Nothing to migrate on stage {resolved.name}.")
