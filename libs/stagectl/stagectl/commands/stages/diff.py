"""Compare a stage with this checkout."""

from dataclasses import replace
from typing import Annotated

import typer

from stagectl import aws
from stagectl.checkout import Checkout
from stagectl.commands.options import AsJson, OnEmulator, Parameters, Services, StageName
from stagectl.diff import diff_text, stage_diff
from stagectl.stacks import base_stage
from stagectl.stacks.stack_states import StackStates
from stagectl.stages import lifecycle
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document

DIFFERENT = 3


def diff(
    *,
    stage: StageName = LOCAL_STAGE,
    service: Services = None,
    param: Parameters = None,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help=f"Exit with {DIFFERENT} when there are differences.")
    ] = False,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Show what deploying this checkout would change on a stage. Changes nothing.

    Lists resources that are added, removed, changed or replaced, functions whose code changes, and
    permissions, compared by what they allow. `!` marks a change that allows more.

    Pass the parameters that the stage is deployed with, or they show as changes. Services that a partial
    preview uses from its base stage are omitted.

    For example:

        stagectl diff --stage local

        stagectl diff --stage dev --service orders --json

        stagectl diff --stage preview-x --param ssmStage=dev --exit-code
    """
    checkout = Checkout.here()
    resolved = lifecycle.find(
        checkout, stage, use_emulator=emulator, only=service or (), parameters=param or ()
    )
    lifecycle.enter_existing(resolved)
    from_base = base_stage.taken(aws.session().client("ssm"), resolved.name, resolved.stacks)
    own = {name: stack for name, stack in resolved.stacks.items() if name not in from_base}
    resolved = replace(resolved, stacks=own)
    stage_diff.package(checkout, resolved, param or ())
    diffs = stage_diff.compare(resolved, StackStates.of(resolved.target))
    if as_json:
        document = diff_text.document(resolved.name, diffs) | {"fromBase": from_base}
        console.result(json_document.text(document))
    else:
        for name, base in from_base.items():
            console.result(f"{name}: from {base}")
        for line in diff_text.lines(diffs):
            console.styled(line)
    if exit_code and any(not one.is_empty for one in diffs):
        raise typer.Exit(DIFFERENT)
