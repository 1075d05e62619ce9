"""Show who changed which user."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from stagectl.commands.options import AsJson, OnEmulator, StageName
from stagectl.commands.people._users import entered
from stagectl.people.audit import Audit, key_of
from stagectl.people.user_pool import UnknownUserError, UserPool
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document
from stagectl.terminal.durations import parse_time
from stagectl.terminal.json_document import shown_time


def audit(
    *,
    user: Annotated[
        str | None,
        typer.Option("--user", metavar="USER", help="Only this user: e-mail address, user id or user name."),
    ] = None,
    since: Annotated[
        str, typer.Option("--since", metavar="T", help="An age such as 2h or 30d, or an ISO time.")
    ] = "30d",
    stage: StageName = LOCAL_STAGE,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Show who changed which user, and when.

    The record names no person: a user stands there by a key that follows from the user id. Of an erased
    user, pass the user id.

    For example:

        stagectl users audit --stage dev

        stagectl users audit --stage dev --user ada@example.com --since 1d --json
    """
    name = entered(stage, emulator=emulator).name
    begin = parse_time(since, now=datetime.now(tz=UTC))
    key = None
    if user:
        try:
            key = key_of(UserPool.of_stage(name).find(user).user_id)
        except UnknownUserError:
            if "@" in user:
                raise
            key = key_of(user)
    records = list(Audit.of_stage(name).read(user=key, since=begin))
    if as_json:
        console.result(json_document.text(records))
        return
    for record in records:
        console.result(f"{shown_time(record.at)}  {record.by}  {record.action}  {record.user}")
    if not records:
        console.say(f"Nothing was changed since {shown_time(begin)}.")
