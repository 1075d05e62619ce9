"""Erase a user, and all that the stage holds of them."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from stagectl.checkout import Checkout
from stagectl.commands import confirmation
from stagectl.commands.options import AsJson, OnEmulator, StageName
from stagectl.commands.people._users import Who, entered, shown
from stagectl.errors import StagectlError
from stagectl.people import traces
from stagectl.people.audit import Audit, key_of
from stagectl.people.erasure import Erasure
from stagectl.people.user_pool import TOKEN_LIFETIME, UnknownUserError, User, UserPool
from stagectl.stacks.stage import Stage
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document
from stagectl.terminal.durations import parse_duration
from stagectl.terminal.json_document import shown_time
from stagectl.terminal.progress import Progress


@dataclass
class Report:
    """What an erasure did. It names no person.

    Attributes:
        erasure_id: Its id, by which the audit's record calls the user.
        stage: The stage.
        began_at: When this run began.
        ended_at: When it ended.
        erased_by: The services that have erased the person.
        is_user_deleted: Whether the pool has deleted the user.
        searched: How many things were read afterwards, by kind.
        named_in: How many of them still name the person, by place.
        not_searched: What cannot be searched, and when it forgets.
    """

    erasure_id: str
    stage: str
    began_at: datetime
    ended_at: datetime
    erased_by: list[str] = field(default_factory=list)
    is_user_deleted: bool = False
    searched: dict[str, int] = field(default_factory=dict)
    named_in: dict[str, int] = field(default_factory=dict)
    not_searched: tuple[str, ...] = traces.NOT_SEARCHED


def erase(
    user: Who,
    *,
    stage: StageName = LOCAL_STAGE,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
    now: Annotated[
        bool,
        typer.Option(
            "--now", help="Do not wait until the user's tokens have expired, with which they may still write."
        ),
    ] = False,
    timeout: Annotated[
        str, typer.Option("--timeout", metavar="T", help="How long to wait for the services.")
    ] = "10m",
    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            metavar="FILE",
            help="Where to write the report.  \\[default: .bigmouth/erasures/STAGE/ID.json]",
        ),
    ] = None,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Erase a user and all that the stage holds of them, search for what is left, and write a report.

    The user is disabled first. Once their last token has expired, every service that holds personal data
    erases it and answers. Then tables, buckets, dead-letter queues, logs and executions are searched. Only
    when nothing is found is the user deleted. Exits with 1 when something is left.

    Safe to repeat, also after an interruption: it continues. Once the user is deleted, pass the user id.

    For example:

        stagectl users erase ada@example.com --stage dev

        stagectl users erase ada@example.com --stage prod --yes --report ada.json
    """
    patience = parse_duration(timeout)
    entered_stage = entered(stage, emulator=emulator)
    name = entered_stage.name
    pool, audit = UserPool.of_stage(name), Audit.of_stage(name)
    found = _person(pool, audit, user)
    began_at = datetime.now(tz=UTC)
    result = Report(key_of(found.user_id), name, began_at, began_at, is_user_deleted=not found.username)
    if found.username:
        _ask_first(name, found, yes=yes)
        erasure = Erasure.on(name, found)
        services = erasure.services(entered_stage.stacks.values())
        audit.open().write("erase", found.user_id)
        console.say(f"Erasing {shown(found)}. To continue after an interruption, pass {found.user_id}.")
        _end_sessions(pool, found, wait=not now)
        _let_services_erase(erasure, services, patience, result)
    _search(entered_stage, found, result)
    if found.username and not result.named_in:
        pool.delete(found)
        audit.write("erased", found.user_id)
        result.is_user_deleted = True
    result.ended_at = datetime.now(tz=UTC)
    _hand_in(result, report, as_json=as_json)
    if result.named_in:
        places = ", ".join(f"{place} ({count})" for place, count in result.named_in.items())
        raise StagectlError(
            f"The person is still named in: {places}. Remove that (docs/runbooks.md, Erasing a person), then "
            "repeat the command."
        )


def _person(pool: UserPool, audit: Audit, who: str) -> User:
    """Return the user, or one with nothing but an id if an erasure has deleted them.

    Raises:
        UsageError: There never was such a user.
    """
    try:
        return pool.find(who)
    except UnknownUserError as unknown:
        if not any(record.action == "erase" for record in audit.read(user=key_of(who))):
            raise UnknownUserError(
                f"{unknown} Of a user who was erased, pass the user id, which that run printed."
            ) from None
        console.say("The user is deleted. What the stage holds is searched for the user id again.")
        return User.deleted(who)


def _ask_first(stage: str, user: User, *, yes: bool) -> None:
    console.say(
        f"{shown(user)} will be erased from stage {stage}: profile, and what all services hold of them."
    )
    if not yes:
        confirmation.require(
            stage,
            "the user's e-mail address or id",
            {user.email, user.user_id} - {""},
            look_first="Look at what will be erased first: stagectl users export.",
        )


def _end_sessions(pool: UserPool, user: User, *, wait: bool) -> None:
    """Disable the user, and wait until tokens that were issued before have expired."""
    disabled_at = user.changed_at
    if user.is_enabled:
        pool.disable(user)
        disabled_at = datetime.now(tz=UTC)
    expired_at = disabled_at + TOKEN_LIFETIME
    left = expired_at - datetime.now(tz=UTC)
    if wait and left > timedelta():
        console.say(f"Disabled. Waiting until the last token has expired, at {shown_time(expired_at)}.")
        time.sleep(left.total_seconds())


def _let_services_erase(erasure: Erasure, services: list[str], patience: timedelta, result: Report) -> None:
    with Progress(services, "erasing") as progress:
        for service in services:
            progress.started(service)
        for service in erasure.answers(services, patience=patience):
            progress.ended(service, "erased")
            result.erased_by.append(service)


def _search(stage: Stage, user: User, result: Report) -> None:
    console.say("Searching")
    findings = traces.search(stage, user)
    result.searched, result.named_in = dict(findings.searched), dict(findings.traces)


def _hand_in(result: Report, file: Path | None, *, as_json: bool) -> None:
    text = json_document.text(result)
    target = file or Checkout.here().state / "erasures" / result.stage / f"{result.erasure_id}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(f"{text}\n", encoding="utf-8")
    if as_json:
        console.result(text)
        return
    read = ", ".join(f"{count} {things}" for things, count in result.searched.items())
    found = sum(result.named_in.values())
    console.result(f"erasure      {result.erasure_id}")
    console.result(f"erased by    {', '.join(result.erased_by) or '-'}")
    console.result(f"user         {'deleted' if result.is_user_deleted else 'disabled, not deleted'}")
    console.result(f"searched     {read}")
    console.result(f"found        {found or 'nothing'}")
    for text in result.not_searched:
        console.result(f"not searched {text}")
    console.say(f"Report: {target}")
