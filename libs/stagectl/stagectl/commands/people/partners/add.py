"""Create the API key of a partner."""

from stagectl.commands.options import AsJson, OnEmulator, StageName
from stagectl.commands.people.partners._options import PartnerName, keys_of
from stagectl.people.audit import Audit
from stagectl.people.partner_keys import check_name
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document


def add(
    name: PartnerName,
    *,
    stage: StageName = LOCAL_STAGE,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Create an API key for a partner and print it once, with a request to try.

    The key has the limits of the usage plan for itself. A partner with a key is refused.

    For example:

        stagectl partners add acme --stage dev

        stagectl partners add acme --stage dev --json
    """
    check_name(name)
    stage_name, keys = keys_of(stage, emulator=emulator)
    audit = Audit.of_stage(stage_name).open()
    keys.check_new(name)
    audit.write(f"partners add {name}")
    key = keys.add(name)
    if as_json:
        console.result(json_document.text(key))
        return
    console.result(f"Added {key.name}. Key, which is not shown again: {key.key}")
    console.say(f"To try it: curl -H 'x-api-key: KEY' '{key.url}/restaurants/search?text=pizza'")
