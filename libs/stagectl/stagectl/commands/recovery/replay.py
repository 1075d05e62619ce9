"""Replay events from the archive of a stage's bus."""

import time
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from stagectl import aws
from stagectl.checkout import Checkout
from stagectl.commands.options import AsJson, DetailTypes, OnEmulator, StageName
from stagectl.recovery import event_archive
from stagectl.recovery import replay as replaying
from stagectl.recovery.replay import ReplayPlan
from stagectl.stages import lifecycle
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document
from stagectl.terminal.durations import NOW, parse_time
from stagectl.terminal.json_document import shown_time


def replay(
    *,
    since: Annotated[
        str,
        typer.Option(
            "--from", metavar="T", help="Start of the range: an age such as 2h, 30m or 1d, or an ISO time."
        ),
    ],
    until: Annotated[
        str, typer.Option("--to", metavar="T", help="End of the range, in the same form.", show_default=True)
    ] = NOW,
    stage: StageName = LOCAL_STAGE,
    detail_type: DetailTypes = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print what would be replayed.")] = False,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Replay the events of a time range to the rules of the bus, and wait until it is complete.

    Consumers recognise events that they have processed before. EventBridge replays all events of the range;
    with --detail-type, only to the rules that name one of these types.

    For example:

        stagectl replay --from 2h

        stagectl replay --stage dev --from 2026-01-31T12:00:00Z --to 30m --detail-type order_placed
    """
    now = datetime.now(tz=UTC)
    first, last = parse_time(since, now=now), parse_time(until, now=now)
    resolved = lifecycle.find(Checkout.here(), stage, use_emulator=emulator)
    lifecycle.enter_deployed(resolved)
    events = aws.session().client("events")
    plan = replaying.make_plan(
        events,
        event_archive.find(events, resolved.name),
        since=first,
        until=last,
        detail_types=detail_type or (),
        now=now,
    )
    _explain(plan, is_recent=now - last < replaying.ARCHIVING_DELAY and not resolved.target.is_emulator)
    began = time.monotonic()
    if not dry_run:
        replaying.start(events, plan)
        _watch(plan, replaying.wait(events, plan))
    document = _document(plan, dry_run=dry_run)
    if as_json:
        console.result(json_document.text(document))
    elif dry_run:
        console.result("Nothing was replayed (--dry-run).")
    else:
        console.result(f"Replay {plan.name} completed in {time.monotonic() - began:.0f} s.")


def _watch(plan: ReplayPlan, states: Any) -> None:
    try:
        for state in states:
            reached = f", up to {shown_time(state.as_far_as, timespec='seconds')}" if state.as_far_as else ""
            console.say(f"  {state.state.lower()}{reached}")
    except KeyboardInterrupt:
        console.say(
            f"The replay continues on AWS. To cancel it: aws events cancel-replay --replay-name {plan.name}"
        )
        raise


def _explain(plan: ReplayPlan, *, is_recent: bool) -> None:
    since, until = (shown_time(at, timespec="seconds") for at in (plan.since, plan.until))
    console.say(f"Events from {since} to {until}")
    console.say(
        f"of the archive {plan.archive.bus_name}, which holds {plan.archive.events} events in all "
        "(EventBridge does not count those of a range)"
    )
    console.say(f"to {', '.join(rule.name for rule in plan.rules) or 'all rules of the bus'}")
    if plan.also:
        console.say(f"These rules also match {', '.join(plan.also)} and will receive those events too.")
    if is_recent:
        console.say("Events reach the archive within ten minutes, so the newest may be missing.")


def _document(plan: ReplayPlan, *, dry_run: bool) -> dict[str, Any]:
    return {
        "replay": None if dry_run else plan.name,
        "dryRun": dry_run,
        "from": plan.since,
        "to": plan.until,
        "eventsInArchive": plan.archive.events,
        "rules": [rule.name for rule in plan.rules],
    }
