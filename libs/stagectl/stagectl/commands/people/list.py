"""List users."""

from typing import Annotated

import typer

from stagectl.commands.options import AsJson, OnEmulator, StageName
from stagectl.commands.people._users import entered
from stagectl.people.user_pool import UserPool
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document


def list_users(
    *,
    stage: StageName = LOCAL_STAGE,
    group: Annotated[
        str | None, typer.Option("--group", metavar="NAME", help="Only the members of this group.")
    ] = None,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """List the users of a stage: address, name, state, user id.

    For example:

        stagectl users list --stage dev

        stagectl users list --stage dev --group restaurant-admins --json
    """
    users = list(UserPool.of_stage(entered(stage, emulator=emulator).name).users(group=group))
    if as_json:
        console.result(json_document.text(users))
        return
    width = max((len(user.email) for user in users), default=0)
    for user in users:
        state = user.status.lower() if user.is_enabled else "disabled"
        verified = "" if user.is_verified else "  address not verified"
        console.result(
            f"{user.email:<{width}}  {user.user_id}  {state}  {user.given_name} {user.family_name}{verified}"
        )
    if not users:
        console.say("There are no users." if group is None else f"{group} has no members.")
