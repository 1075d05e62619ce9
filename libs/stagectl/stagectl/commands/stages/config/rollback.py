"""Return a configuration to an earlier version."""

from typing import Annotated

import typer

from stagectl.commands.options import AsJson, OnEmulator, StageName
from stagectl.commands.stages.config._configuration import Function, entered
from stagectl.configuration import models
from stagectl.configuration.stored import CANARY, Version, changes
from stagectl.errors import UsageError
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document


def rollback(
    function: Function,
    *,
    to: Annotated[
        int | None,
        typer.Option("--to", metavar="N", min=1, help="This version.  \\[default: the last other value]"),
    ] = None,
    stage: StageName = LOCAL_STAGE,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Write an earlier version of a configuration again; the versions in between stay in the history.

    While a canary is served, it is ended instead, unless --to names a version. An earlier version that the
    function's model of this checkout does not accept is refused.

    For example:

        stagectl config rollback restaurants/search-restaurants --stage dev

        stagectl config rollback restaurants/search-restaurants --stage dev --to 3
    """
    configuration = entered(stage, function, emulator=emulator)
    versions = configuration.stored.versions()
    if not versions:
        raise UsageError(f"{function} is not configured on stage {configuration.stage.name}.")
    newest = versions[0]
    chosen = _chosen(versions, to)
    models.checked(configuration.declared.model, json_document.text(chosen.fields))
    for line in changes(newest.document, chosen.fields):
        console.say(f"  {line}")
    configuration.record(f"rollback --to {chosen.number}")
    number = configuration.stored.write(chosen.fields, after=newest.number)
    configuration.say_written(number, as_json=as_json)


def _chosen(versions: list[Version], number: int | None) -> Version:
    """Return the version to write again.

    Raises:
        UsageError: There is none.
    """
    newest = versions[0]
    if number is not None:
        for version in versions:
            if version.number == number:
                return version
        raise UsageError(f"There is no version {number}. Versions: {versions[-1].number} to {newest.number}.")
    if CANARY in newest.document:
        return newest
    for version in versions:
        if version.fields != newest.fields:
            return version
    raise UsageError("There is no version with another value. See stagectl config history.")
