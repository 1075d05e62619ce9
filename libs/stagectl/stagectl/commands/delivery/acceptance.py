"""Test the whole life of a preview in an AWS account."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from stagectl.checkout import Checkout
from stagectl.commands.options import AsJson, OnEmulator
from stagectl.errors import UsageError
from stagectl.preview_life import acceptance as trial
from stagectl.removal import remove
from stagectl.stacks.stage import Stage
from stagectl.stages import lifecycle
from stagectl.terminal import console, json_document

_INTERRUPTED = 130


def acceptance(
    *,
    quick: Annotated[bool, typer.Option("--quick", help="Run only the quick end-to-end tests.")] = False,
    transcript: Annotated[
        Path | None,
        typer.Option("--transcript", metavar="FILE", help="Markdown file for the transcript."),
    ] = None,
    stage: Annotated[
        str | None,
        typer.Option(
            "--stage", "-s", metavar="NAME", help="Name of the temporary stage.  \\[default: a new one]"
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before AWS is changed.")] = False,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Test the whole life of a preview in the account of the current credentials.

    Deploys a temporary stage with secrets and demo data, tests it, deploys it again unchanged and with a
    change, inspects it and removes it, also after a failure or Ctrl-C. On AWS this takes about half an hour
    and costs a few cents.

    The transcript holds every command with its output and outcome. Account ids, addresses, keys, tokens and
    e-mail addresses are redacted, so that it can be shared.

    Exits with 1 when a step failed or resources are left, and with 130 when interrupted.

    For example:

        stagectl acceptance

        stagectl acceptance --emulator --quick --transcript acceptance.md
    """
    checkout = Checkout.here()
    name = stage or trial.temporary_name()
    remove.check_removable(name)
    resolved = lifecycle.find(checkout, name, use_emulator=emulator)
    if not resolved.target.is_emulator:
        _ask(resolved, yes=yes)
    machine = resolved.target.emulator
    was_running = machine is not None and machine.is_alive()
    run = trial.Acceptance(resolved.name, resolved.target.description)
    try:
        lifecycle.enter(resolved)
        steps = trial.steps_of(resolved.name, quick=quick, services=list(resolved.stacks))
        trial.run(run, steps, trial.with_stagectl(checkout, machine))
        trial.look_for_leftovers(run)
    finally:
        file = transcript or checkout.state / "acceptance" / f"{resolved.name}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(trial.transcript(run, checkout, os.environ), encoding="utf-8")
        console.result(
            json_document.text({"transcript": file, "passed": run.passed}) if as_json else str(file)
        )
        if machine and not was_running:
            machine.stop()
    if run.was_interrupted:
        raise typer.Exit(_INTERRUPTED)
    if not run.passed:
        raise typer.Exit(1)
    console.say("Passed.")


def _ask(resolved: Stage, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("Not a terminal: pass --yes.")
    lifecycle.enter(resolved)
    typer.confirm(f"Make the stage {resolved.name} there and remove it afterwards?", err=True, abort=True)
