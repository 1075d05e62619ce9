"""Change a configuration."""

import sys
from datetime import UTC, datetime
from functools import partial
from typing import Annotated

import typer

from stagectl.commands.options import AsJson, OnEmulator, StageName
from stagectl.commands.stages.config._configuration import Function, entered
from stagectl.configuration import models
from stagectl.configuration.canary import Canary
from stagectl.configuration.stored import CANARY, changes
from stagectl.errors import UsageError
from stagectl.stages import alarms
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console
from stagectl.terminal.durations import parse_duration


def set_config(
    function: Function,
    document: Annotated[
        str, typer.Argument(metavar="JSON", help="The whole configuration; - reads it from standard input.")
    ],
    *,
    stage: StageName = LOCAL_STAGE,
    expect: Annotated[
        int | None,
        typer.Option(
            "--expect", metavar="N", min=0, help="Refuse unless version N is the newest; 0 is none."
        ),
    ] = None,
    canary: Annotated[
        float | None,
        typer.Option(
            "--canary",
            metavar="PERCENT",
            help="Serve it to this share of the invocations first, from 1 to 99.",
        ),
    ] = None,
    lasting: Annotated[
        str, typer.Option("--for", metavar="T", help="How long to watch the alarms of a canary.")
    ] = "5m",
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Validate a configuration, and write it if it is valid.

    It is checked with the function's own model: an unknown field, a wrong type, a flag with more than 100 %
    or with an end in the past are refused by name. Fields that are left out have their defaults.

    With --canary, invocations are drawn at random until --for is over. Then all get the new value. When one
    of the stage's alarms goes off, or on Ctrl-C, all get the value before again.

    For example:

        stagectl config set restaurants/search-restaurants '{"defaultResults": 3}' --stage dev

        stagectl config set restaurants/search-restaurants '{"longPages": {"percent": 10}}' --stage dev

        stagectl config set orders/place-order '{"patienceSeconds": 600}' --stage prod --canary 10 --for 10m
    """
    if canary is not None and not 1 <= canary <= 99:  # noqa: PLR2004, as the help says
        raise UsageError("--canary takes a share from 1 to 99.")
    duration = parse_duration(lasting)
    text = sys.stdin.read() if document == "-" else document
    configuration = entered(stage, function, emulator=emulator)
    fields = models.checked(configuration.declared.model, text, written_at=datetime.now(UTC))
    stored, before = configuration.stored, configuration.stored.newest()
    if expect is not None and expect != before.number:
        raise UsageError(f"Nothing was written, as version {before.number} was found and {expect} expected.")
    if before.has_running_canary:
        raise UsageError(
            f"Nothing was written, as a canary serves until {before.document[CANARY]['until']}. To end it: "
            f"stagectl config rollback {function}."
        )
    lines = changes(before.fields, fields)
    for line in lines:
        console.say(f"  {line}")
    if not lines:
        console.say(f"Nothing to write: version {before.number} says the same.")
        if as_json:
            configuration.say_written(before.number, as_json=True)
        return
    if canary is None:
        configuration.record("set")
        number = stored.write(fields, after=before.number)
    else:
        watch = partial(alarms.watch, configuration.stage, alarms.in_alarm(configuration.stage))
        configuration.record(f"set --canary {canary:g}")
        console.say(f"Serving it to {canary:g} % of the invocations, and watching the alarms for {lasting}.")
        number = Canary(canary, duration, watch).run(stored, before, fields)
    configuration.say_written(number, as_json=as_json)
