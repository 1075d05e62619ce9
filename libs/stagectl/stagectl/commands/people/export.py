"""Write what a stage holds of a user."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from stagectl.commands.options import AsJsonAnyway, OnEmulator, StageName
from stagectl.commands.people._users import Who, entered, shown
from stagectl.people import traces
from stagectl.people.audit import Audit
from stagectl.people.user_pool import UserPool
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document


def export(
    user: Who,
    *,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="A new file, instead of standard output.")
    ] = None,
    stage: StageName = LOCAL_STAGE,
    emulator: OnEmulator = False,
    _as_json: AsJsonAnyway = False,
) -> None:
    """Write all that a stage holds of a user as JSON: profile, groups, and the items of all tables.

    It reads every table, so it finds orders, favourites and staff entries, and whatever a new service keeps.

    For example:

        stagectl users export ada@example.com --stage dev --output ada.json
    """
    entered_stage = entered(stage, emulator=emulator)
    name = entered_stage.name
    pool = UserPool.of_stage(name)
    found = pool.find(user)
    Audit.of_stage(name).open().write("export", found.user_id)
    text = json_document.text(
        {
            "stage": name,
            "exportedAt": datetime.now(tz=UTC),
            "profile": found,
            "groups": pool.groups_of(found),
            "items": traces.items(entered_stage, found),
        }
    )
    if output is None:
        console.result(text)
        return
    # Only its owner may read it; a file that exists would keep the mode that it has.
    output.touch(mode=0o600, exist_ok=False)
    output.write_text(f"{text}\n", encoding="utf-8")
    console.say(f"Wrote what stage {name} holds of {shown(found)} to {output}.")
