"""Create the missing secrets of a stage."""

from typing import Annotated

import typer

from stagectl.checkout import Checkout
from stagectl.commands import completion
from stagectl.commands.options import AsJson, OnEmulator, RequiredStage
from stagectl.errors import StagectlError, UsageError
from stagectl.stacks.stack_states import StackStates
from stagectl.stacks.stage_secrets import Finding, Outcome, StageSecrets
from stagectl.stages import lifecycle
from stagectl.terminal import console, json_document


def configure(
    *,
    stage: RequiredStage = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only list which secrets exist and which are missing.")
    ] = False,
    rotate: Annotated[
        str | None,
        typer.Option(
            "--rotate",
            metavar="SERVICE/FUNCTION",
            autocompletion=completion.functions_of_services,
            help="Replace this secret with a new random value.",
        ),
    ] = None,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Create each missing secret of a stage's functions with a random value.

    `up` does this too. Safe to repeat: an existing secret is changed only by --rotate. The permissions in the
    deployed templates say which secrets are needed. All other configuration has a default in the code. With
    --dry-run, exits with 1 when a secret is missing.

    For example:

        stagectl configure --stage prod

        stagectl configure --stage prod --dry-run

        stagectl configure --stage dev --rotate restaurants/search-restaurants
    """
    if dry_run and rotate:
        raise UsageError("--dry-run and --rotate exclude each other.")
    resolved = lifecycle.find(Checkout.here(), stage, use_emulator=emulator)
    lifecycle.enter_deployed(resolved)
    secrets = StageSecrets.find(StackStates.of(resolved.target), resolved.name, resolved.stacks.values())
    if rotate:
        findings = [secrets.rotate(rotate)]
    elif dry_run:
        findings = secrets.look()
    else:
        findings = secrets.make_missing()
    _show(findings, as_json=as_json)
    ways_out = {finding.way_out for finding in findings if finding.outcome is Outcome.MISSING}
    if ways_out:
        raise StagectlError(f"Secrets are missing. To create them: {', '.join(sorted(ways_out))}")


def _show(findings: list[Finding], *, as_json: bool) -> None:
    if as_json:
        console.result(json_document.text(findings))
        return
    for finding in findings:
        hint = f"  ({finding.way_out})" if finding.outcome is Outcome.ANOTHER_STAGES else ""
        console.result(f"{finding.outcome:<16} {finding.name}{hint}")
    if not findings:
        console.say("The functions of this stage read no secrets.")
