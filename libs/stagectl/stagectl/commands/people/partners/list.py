"""List the API keys of partners."""

from stagectl.commands.options import AsJson, OnEmulator, StageName
from stagectl.commands.people.partners._options import keys_of
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document
from stagectl.terminal.json_document import shown_time


def list_keys(
    *, stage: StageName = LOCAL_STAGE, emulator: OnEmulator = False, as_json: AsJson = False
) -> None:
    """List the API keys of partners: name, when created, state, requests this month. Never their values.

    For example:

        stagectl partners list --stage dev

        stagectl partners list --stage dev --json
    """
    _, partner_keys = keys_of(stage, emulator=emulator)
    keys = partner_keys.all()
    if as_json:
        console.result(json_document.text(keys))
        return
    width = max((len(key.name) for key in keys), default=0)
    for key in keys:
        state = "enabled" if key.is_enabled else "disabled"
        console.result(
            f"{key.name:<{width}}  {shown_time(key.created_at)}  {state:<8}  "
            f"{key.requests_this_month} requests this month"
        )
    if not keys:
        console.say("No partner has a key.")
