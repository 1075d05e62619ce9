"""Print the events and messages of a stage as they happen."""

import json
import time
from datetime import timedelta
from typing import Annotated

import typer

from stagectl.checkout import Checkout
from stagectl.commands.options import AsJson, DetailTypes, OnEmulator, StageName
from stagectl.commands.recovery.events._options import OrderId, shown
from stagectl.errors import StagectlError, UsageError
from stagectl.recovery import event_tap
from stagectl.recovery.event_tap import Caught, Taps
from stagectl.stacks import stage_stacks
from stagectl.stacks.stack_states import StackStates
from stagectl.stacks.stage import Stage
from stagectl.stages import lifecycle
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console
from stagectl.terminal.durations import parse_duration, shown_duration
from stagectl.terminal.json_document import iso_time

_TOPIC = "AWS::SNS::Topic"
_ALARMS = "shared-infra"


def tail(
    *,
    stage: StageName = LOCAL_STAGE,
    detail_type: DetailTypes = None,
    order: OrderId = None,
    lasting: Annotated[
        str, typer.Option("--for", metavar="DURATION", help="End after this time, at most 1h.")
    ] = shown_duration(event_tap.LONGEST),
    count: Annotated[
        int | None, typer.Option("--count", min=1, metavar="N", help="End after N events.")
    ] = None,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Print the events of the bus and the messages of topics as they happen, until Ctrl-C.

    A temporary queue receives a copy of them. It is removed at the end; what a killed command left behind, by
    the next one and by `stagectl down`. Personal data in events is printed: see docs/events.md. With --json,
    each line is a document.

    For example:

        stagectl events tail --detail-type order_placed

        stagectl events tail --stage dev --order 0b8f7a52-3f2c-5d0e-9c39-4d5e1f6a7b8c --json
    """
    duration = parse_duration(lasting)
    if not timedelta(0) < duration <= event_tap.LONGEST:
        raise UsageError(
            f"--for {lasting} is not possible. Pass at most {shown_duration(event_tap.LONGEST)}."
        )
    resolved = lifecycle.find(Checkout.here(), stage, use_emulator=emulator)
    lifecycle.enter_deployed(resolved)
    topics = _topics(resolved)
    taps = Taps.of(resolved.name)
    for name in taps.remove_abandoned(topics=topics):
        console.say(f"Removed {name}, which a killed command left behind.")
    printed = 0
    seen: set[str] = set()
    ends_at = time.monotonic() + duration.total_seconds()
    with taps.opened(topics) as url:
        console.say("Waiting for events. End with Ctrl-C.")
        while time.monotonic() < ends_at and (count is None or printed < count):
            for one in sorted(taps.receive(url), key=lambda caught: caught.time):
                if one.id not in seen and one.is_wanted(detail_type or (), order):
                    _print(one, as_json=as_json)
                    printed += 1
                seen.add(one.id)
    if not printed:
        raise StagectlError(f"No such event in {lasting}.")


def _topics(stage: Stage) -> list[str]:
    """Return the ARNs of the stage's topics, without that of alarms."""
    states = StackStates.of(stage.target)
    return sorted(
        resource.physical_id
        for service, status in stage_stacks.find(states, stage.name, stage.stacks).own.items()
        if service != _ALARMS
        for resource in states.resources(status.name)
        if resource.type == _TOPIC
    )


def _print(one: Caught, *, as_json: bool) -> None:
    if as_json:
        document = {
            "time": iso_time(one.time, timespec="milliseconds"),
            "channel": one.channel,
            "id": one.id,
            "detailType": one.detail_type,
            "detail": one.detail,
        }
        console.result(json.dumps(document))
    else:
        console.result(shown(one.time, one.channel, one.detail_type, one.detail))
