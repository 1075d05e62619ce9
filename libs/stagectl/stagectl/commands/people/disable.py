"""Block a user."""

from stagectl.commands.options import AsJson, OnEmulator, StageName
from stagectl.commands.people._users import Who, entered, shown
from stagectl.people.audit import Audit
from stagectl.people.user_pool import UserPool
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document


def disable(
    user: Who, *, stage: StageName = LOCAL_STAGE, emulator: OnEmulator = False, as_json: AsJson = False
) -> None:
    """Block a user: no sign-in, and all refresh tokens are revoked.

    Tokens issued before are refused after 15 minutes at the latest.

    For example:

        stagectl users disable ada@example.com --stage dev
    """
    name = entered(stage, emulator=emulator).name
    pool = UserPool.of_stage(name)
    found = pool.find(user)
    Audit.of_stage(name).open().write("disable", found.user_id)
    pool.disable(found)
    if as_json:
        console.result(json_document.text(pool.find(user)))
    else:
        console.result(f"Disabled {shown(found)}. Tokens issued before end within 15 minutes.")
