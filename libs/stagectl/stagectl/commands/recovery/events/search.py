"""Search the archive of a stage's events."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from stagectl import aws
from stagectl.checkout import Checkout
from stagectl.commands.options import AsJson, DetailTypes, OnEmulator, StageName
from stagectl.commands.recovery.events._options import OrderId, shown
from stagectl.errors import StagectlError
from stagectl.recovery import archived_events, event_archive
from stagectl.stages import lifecycle
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document
from stagectl.terminal.durations import NOW, parse_time


def search(
    *,
    stage: StageName = LOCAL_STAGE,
    since: Annotated[
        str,
        typer.Option(
            "--from", metavar="T", help="Start of the range: an age such as 2h or 7d, or an ISO time."
        ),
    ] = "1d",
    until: Annotated[
        str, typer.Option("--to", metavar="T", help="End of the range, in the same form.")
    ] = NOW,
    detail_type: DetailTypes = None,
    order: OrderId = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, metavar="N", help="Number of events at most.")
    ] = 1000,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Print the archived events of a time range, by time. Fails when there is none.

    The archive has no personal data, and no event of the last seconds or minutes: they are collected first
    (eventArchiveWindowSeconds). For those: `stagectl events tail`.

    For example:

        stagectl events search --order 0b8f7a52-3f2c-5d0e-9c39-4d5e1f6a7b8c

        stagectl events search --stage dev --from 2026-01-31T12:00:00Z --to 30m --detail-type order_placed
    """
    now = datetime.now(tz=UTC)
    first, last = parse_time(since, now=now), parse_time(until, now=now)
    resolved = lifecycle.find(Checkout.here(), stage, use_emulator=emulator)
    lifecycle.enter_deployed(resolved)
    session = aws.session()
    found = archived_events.search(
        session.client("s3"),
        archived_events.bucket_of(session.client("ssm"), resolved.name),
        since=first,
        until=last,
        detail_types=detail_type or (),
        order_id=order,
        at_most=limit,
    )
    console.say(f"Read {found.objects} objects.")
    if not found.is_complete:
        console.say("There may be more: narrow the range, or name a type.")
    if not found.events:
        raise StagectlError(
            f"The archive of {resolved.name} has no such event from {json_document.shown_time(first)} to "
            f"{json_document.shown_time(last)}."
        )
    if as_json:
        console.result(json_document.text(found.events))
        return
    for event in found.events:
        time = datetime.fromisoformat(event["time"])
        console.result(
            shown(time, event_archive.name_of(resolved.name), event["detailType"], event["detail"])
        )
