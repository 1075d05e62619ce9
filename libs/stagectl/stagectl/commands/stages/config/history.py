"""Show the versions of a configuration."""

import itertools

from stagectl.commands.options import AsJson, OnEmulator, StageName
from stagectl.commands.stages.config._configuration import Function, entered
from stagectl.configuration.stored import Version, changes
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document
from stagectl.terminal.json_document import shown_time


def history(
    function: Function,
    *,
    stage: StageName = LOCAL_STAGE,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Show the versions of a configuration, the newest first: when, who, and what changed.

    SSM keeps a hundred.

    For example:

        stagectl config history restaurants/search-restaurants --stage dev
    """
    versions = entered(stage, function, emulator=emulator).stored.versions()
    if as_json:
        console.result(json_document.text(versions))
        return
    for version, before in itertools.pairwise([*versions, Version()]):
        when = shown_time(version.at) if version.at else ""
        console.result(f"version {version.number}  {when}  {version.by}".rstrip())
        # The oldest that is kept may have had one before it.
        if before.number or version.number == 1:
            for line in changes(before.document, version.document):
                console.result(f"  {line}")
    if not versions:
        console.say("Not configured.")
