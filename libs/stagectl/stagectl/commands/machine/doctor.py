"""Check whether this machine is ready."""

import itertools
from typing import Annotated

import typer

from stagectl.checkout import Checkout
from stagectl.commands import completion
from stagectl.commands.options import AsJson, OnEmulator, Port
from stagectl.readiness import doctor, stage_doctor
from stagectl.readiness.finding import Finding, Level
from stagectl.stages import lifecycle
from stagectl.targets import target
from stagectl.terminal import console, json_document

_STYLES = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "red"}


def examine(
    *,
    stage: Annotated[
        str | None,
        typer.Option(
            "--stage",
            "-s",
            metavar="NAME",
            autocompletion=completion.stages,
            help="Also check the AWS account of this stage.",
        ),
    ] = None,
    emulator: OnEmulator = False,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Check whether this machine is ready, and print how to fix what is not.

    With --stage, also checks the AWS account: the credentials, and the quotas that the stage would exceed,
    such as Lambda's concurrency, 10 in new accounts. The stage need not be deployed. Changes nothing.

    Exits with 1 when a required tool is missing, or when the stage does not fit into its account.

    For example:

        stagectl doctor

        stagectl doctor --stage preview-x --json
    """
    checkout = Checkout.here()
    examined = doctor.examine(checkout, port or target.default_port())
    if stage is not None:
        resolved = lifecycle.find(checkout, stage, use_emulator=emulator, port=port)
        examined = itertools.chain(examined, stage_doctor.examine(checkout, resolved))
    findings = []
    for finding in examined:
        findings.append(finding)
        if not as_json:
            _show(finding)
    if as_json:
        console.result(json_document.text(findings))
    if any(finding.level is Level.FAIL for finding in findings):
        raise typer.Exit(1)


def _show(finding: Finding) -> None:
    console.out.print(f"{finding.level:<5}", style=_STYLES[finding.level], end="")
    way_out = f" -> {finding.way_out}" if finding.way_out else ""
    console.result(f"{finding.subject:<13} {finding.text}{way_out}")
