"""Delete the API key of a partner."""

from typing import Annotated

import typer

from stagectl.commands import confirmation
from stagectl.commands.options import AsJson, OnEmulator, StageName
from stagectl.commands.people.partners._options import PartnerName, keys_of
from stagectl.people.audit import Audit
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document


def revoke(
    name: PartnerName,
    *,
    stage: StageName = LOCAL_STAGE,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Delete a partner's API key for good. Asks for the partner's name first.

    For example:

        stagectl partners revoke acme

        stagectl partners revoke acme --stage dev --yes
    """
    stage_name, keys = keys_of(stage, emulator=emulator)
    ids = keys.ids_of(name)
    if not yes:
        confirmation.require(
            stage_name,
            "the partner's name",
            {name},
            look_first=f"Look at its use first: stagectl partners list --stage {stage_name}.",
        )
    Audit.of_stage(stage_name).open().write(f"partners revoke {name}")
    for key_id in ids:
        keys.delete(key_id)
    if as_json:
        console.result(json_document.text({"name": name, "revokedKeys": len(ids)}))
    else:
        console.result(f"Revoked the key of {name}.")
