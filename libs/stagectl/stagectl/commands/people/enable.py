"""Let a blocked user in again."""

from stagectl.commands.options import AsJson, OnEmulator, StageName
from stagectl.commands.people._users import Who, entered, shown
from stagectl.people.audit import Audit
from stagectl.people.user_pool import UserPool
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document


def enable(
    user: Who, *, stage: StageName = LOCAL_STAGE, emulator: OnEmulator = False, as_json: AsJson = False
) -> None:
    """Let a blocked user sign in again.

    For example:

        stagectl users enable ada@example.com --stage dev
    """
    name = entered(stage, emulator=emulator).name
    pool = UserPool.of_stage(name)
    found = pool.find(user)
    Audit.of_stage(name).open().write("enable", found.user_id)
    pool.enable(found)
    if as_json:
        console.result(json_document.text(pool.find(user)))
    else:
        console.result(f"Enabled {shown(found)}.")
