"""Show a configuration."""

import json

from stagectl.commands.options import AsJson, OnEmulator, StageName
from stagectl.commands.stages.config._configuration import Function, entered
from stagectl.configuration.stored import CANARY
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document


def get(
    function: Function,
    *,
    stage: StageName = LOCAL_STAGE,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Show the configuration of a function: its version, what is written, and the defaults of all fields.

    For example:

        stagectl config get restaurants/search-restaurants --stage dev
    """
    configuration = entered(stage, function, emulator=emulator)
    newest = configuration.stored.newest()
    defaults = configuration.declared.model().model_dump(mode="json", by_alias=True)
    if as_json:
        document = {
            "name": configuration.stored.name,
            "version": newest.number,
            "at": newest.at,
            "written": newest.document,
            "defaults": defaults,
        }
        console.result(json_document.text(document))
        return
    console.say(
        f"{configuration.stored.name}, version {newest.number}" if newest.number else "Not configured."
    )
    for name, default in defaults.items():
        is_written = name in newest.fields
        value = json.dumps(newest.fields[name] if is_written else default)
        console.result(f"{name}: {value}{'' if is_written else '  (default)'}")
    for name in sorted(newest.fields.keys() - defaults.keys()):
        console.result(f"{name}: {json.dumps(newest.fields[name])}  (not read by this checkout)")
    if newest.has_running_canary:
        console.result(f"{CANARY}: {json.dumps(newest.document[CANARY])}")
