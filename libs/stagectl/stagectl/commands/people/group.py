"""Show and change the groups of a user."""

from typing import Annotated

import typer

from stagectl.commands.options import AsJson, OnEmulator, StageName
from stagectl.commands.people._users import Who, entered
from stagectl.people.audit import Audit
from stagectl.people.user_pool import UserPool
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document


def group(
    user: Who,
    *,
    add: Annotated[
        list[str] | None, typer.Option("--add", metavar="NAME", help="Add to this group; repeatable.")
    ] = None,
    remove: Annotated[
        list[str] | None, typer.Option("--remove", metavar="NAME", help="Remove from this group; repeatable.")
    ] = None,
    stage: StageName = LOCAL_STAGE,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Show the groups of a user, after adding and removing the named ones.

    A token shows the groups of the time when it was issued, for 15 minutes at most.

    For example:

        stagectl users group ada@example.com --stage dev

        stagectl users group ada@example.com --add restaurant-admins --stage dev
    """
    name = entered(stage, emulator=emulator).name
    pool = UserPool.of_stage(name)
    found = pool.find(user)
    pool.check_groups([*(add or ()), *(remove or ())])
    if add or remove:
        audit = Audit.of_stage(name).open()
        for one in add or ():
            audit.write(f"group --add {one}", found.user_id)
            pool.join(found, one)
        for one in remove or ():
            audit.write(f"group --remove {one}", found.user_id)
            pool.leave(found, one)
    groups = pool.groups_of(found)
    console.result(json_document.text(groups) if as_json else "\n".join(groups) or "no groups")
