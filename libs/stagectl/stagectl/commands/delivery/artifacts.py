"""Show or check the hashes of a stage's packages."""

import json
from typing import Annotated

import typer

from stagectl.checklist import artifacts as hashes
from stagectl.checkout import Checkout
from stagectl.commands.options import AsJson, OnEmulator, Parameters, StageName
from stagectl.diff import stage_diff
from stagectl.errors import StagectlError, UsageError
from stagectl.stages import lifecycle
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document


def artifacts(
    *,
    stage: StageName = LOCAL_STAGE,
    expect: Annotated[
        str,
        typer.Option("--expect", metavar="JSON", help="What another stage printed; package, compare."),
    ] = "",
    param: Parameters = None,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Print the SHA-256 of the code of each service that a stage runs.

    With --expect, this checkout is packaged for the stage, and the command fails unless each package is, byte
    for byte, the one that the other stage runs. So a stage gets what another one tested. Nothing is deployed.

    For example:

        stagectl artifacts --stage staging --json

        stagectl artifacts --stage prod --expect "$(stagectl artifacts --stage staging --json)"
    """
    checkout = Checkout.here()
    found = lifecycle.find(checkout, stage, use_emulator=emulator, parameters=param or ())
    if not expect:
        lifecycle.enter_deployed(found)
        deployed = hashes.deployed(found.name, found.stacks)
        if as_json:
            console.result(json_document.text(deployed))
            return
        for name, sha in deployed.items():
            console.result(f"{name:<14} {sha}")
        return
    expected = _parse(expect)
    stage_diff.package(checkout, found, param or ())
    packaged = hashes.packaged(found.stacks)
    different = sorted(name for name in {*packaged, *expected} if packaged.get(name) != expected.get(name))
    if different:
        raise StagectlError(
            f"These packages differ from those that were tested: {', '.join(different)}. Package the tested "
            "commit with the same tools, or test this one."
        )
    console.result(f"All {len(packaged)} packages are those that were tested.")


def _parse(text: str) -> dict[str, str]:
    try:
        expected = json.loads(text)
        return {str(name): str(sha) for name, sha in expected.items()}
    except (ValueError, AttributeError):
        raise UsageError("--expect needs what `stagectl artifacts --json` printed.") from None
