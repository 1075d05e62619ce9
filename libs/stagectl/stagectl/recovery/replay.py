"""Replay past events to the stage's rules, from the archive of its bus."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from stagectl.errors import StagectlError, UsageError
from stagectl.recovery.event_archive import OWNER, Archive
from stagectl.terminal.json_document import shown_time

if TYPE_CHECKING:
    from mypy_boto3_events.client import EventBridgeClient
    from mypy_boto3_events.type_defs import (
        DescribeReplayResponseTypeDef,
        ReplayDestinationTypeDef,
    )

ARCHIVING_DELAY = timedelta(minutes=10)
"""How long EventBridge may take to put an event into the archive."""

_DONE = "COMPLETED"
_ENDED_OTHERWISE = frozenset({"CANCELLED", "FAILED"})
_POLL_SECONDS = 1.0


@dataclass(frozen=True)
class Rule:
    """A rule of the bus.

    Attributes:
        name: Its name.
        arn: Its ARN.
        detail_types: The detail-types that its pattern names; none when it takes events of any.
    """

    name: str
    arn: str
    detail_types: frozenset[str]


@dataclass(frozen=True)
class ReplayPlan:
    """What is replayed, and to which rules.

    Attributes:
        name: Name of the replay; EventBridge wants it unique.
        archive: Where the events are.
        since: Time of the first event.
        until: Time of the last event.
        rules: The rules that get them; all of the bus when there are none.
        also: Detail-types that were not asked for and that these rules take too.
    """

    name: str
    archive: Archive
    since: datetime
    until: datetime
    rules: tuple[Rule, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReplayState:
    """The progress of a replay: its state, and the time of the event replayed last, if known."""

    state: str
    as_far_as: datetime | None


def make_plan(
    events: "EventBridgeClient",
    archive: Archive,
    *,
    since: datetime,
    until: datetime,
    detail_types: Sequence[str] = (),
    now: datetime,
) -> ReplayPlan:
    """Return a plan with the rules that a replay is for.

    EventBridge replays a whole time range and cannot choose by detail-type; it can choose the rules. So
    events are replayed to those rules whose patterns name one of the detail-types, and to no other.

    Raises:
        UsageError: The range is empty, or no rule names one of the detail-types.
    """
    if since >= until:
        raise UsageError(
            f"The range is empty: {shown_time(since, timespec='seconds')} to "
            f"{shown_time(until, timespec='seconds')}. Pass --from before --to."
        )
    stage_and_time = f"{archive.bus_name.removeprefix(f'{OWNER}-')}-{now:%Y%m%dT%H%M%S}"
    plan = ReplayPlan(f"stagectl-{stage_and_time}", archive, since, until)
    if not detail_types:
        return plan
    rules = list(rules_of(events, archive.bus_name))
    for detail_type in detail_types:
        if not any(detail_type in rule.detail_types for rule in rules):
            known = sorted(frozenset().union(*(rule.detail_types for rule in rules)))
            raise UsageError(
                f"No rule of {archive.bus_name} matches {detail_type}. They match: {', '.join(known)}."
            )
    chosen = tuple(rule for rule in rules if rule.detail_types & set(detail_types))
    taken = frozenset().union(*(rule.detail_types for rule in chosen))
    return ReplayPlan(plan.name, archive, since, until, chosen, tuple(sorted(taken - set(detail_types))))


def start(events: "EventBridgeClient", plan: ReplayPlan) -> None:
    """Start a replay.

    Raises:
        StagectlError: The endpoint does not support replays.
    """
    from botocore.exceptions import ClientError  # noqa: PLC0415

    destination: ReplayDestinationTypeDef = {"Arn": plan.archive.bus_arn}
    if plan.rules:
        destination["FilterArns"] = [rule.arn for rule in plan.rules]
    try:
        events.start_replay(
            ReplayName=plan.name,
            EventSourceArn=plan.archive.arn,
            EventStartTime=plan.since,
            EventEndTime=plan.until,
            Destination=destination,
        )
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in {"InvalidAction", "UnknownOperationException"}:
            raise StagectlError(f"This endpoint does not support replays: {error}") from error
        raise


def wait(
    events: "EventBridgeClient", plan: ReplayPlan, *, sleep: Callable[[float], None] = time.sleep
) -> Iterator[ReplayState]:
    """Yield each new state of a replay until it has completed.

    Raises:
        StagectlError: It failed or was cancelled.
    """
    seen: ReplayState | None = None
    while True:
        answer = events.describe_replay(ReplayName=plan.name)
        state = ReplayState(answer["State"], answer.get("EventLastReplayedTime"))
        if state != seen:
            seen = state
            yield state
        if state.state == _DONE:
            return
        if state.state in _ENDED_OTHERWISE:
            raise StagectlError(f"The replay {plan.name} {_how_it_ended(answer)}")
        sleep(_POLL_SECONDS)


def rules_of(events: "EventBridgeClient", bus_name: str) -> Iterator[Rule]:
    """Yield the rules of a bus."""
    for page in events.get_paginator("list_rules").paginate(EventBusName=bus_name):
        for rule in page["Rules"]:
            pattern = json.loads(rule.get("EventPattern") or "{}")
            named = (entry for entry in pattern.get("detail-type", ()) if isinstance(entry, str))
            yield Rule(rule["Name"], rule["Arn"], frozenset(named))


def _how_it_ended(answer: "DescribeReplayResponseTypeDef") -> str:
    reason = answer.get("StateReason")
    return answer["State"].lower() + (f": {reason}" if reason else "")
