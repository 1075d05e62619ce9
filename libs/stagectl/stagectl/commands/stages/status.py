"""Show what is known of a stage."""

from stagectl import aws
from stagectl.checkout import Checkout
from stagectl.commands.options import AsJson, OnEmulator, StageName
from stagectl.errors import StagectlError
from stagectl.stacks import base_stage, published, stage_secrets, stage_stacks
from stagectl.stacks.stack_states import StackStates
from stagectl.stages import lifecycle
from stagectl.stages.stage_status import StageStatus
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document


def status(*, stage: StageName = LOCAL_STAGE, emulator: OnEmulator = False, as_json: AsJson = False) -> None:
    """Show what is known of a stage: its stacks, where they come from, until when they stay, its URLs.

    Exits with 1 when the stage has no stacks.

    For example:

        stagectl status

        stagectl status --stage feature/new-menu --json
    """
    checkout = Checkout.of_this_file()
    place = lifecycle.find(checkout, stage, use_emulator=emulator)
    lifecycle.enter_existing(place)
    states = StackStates.of(place.target)
    found = stage_stacks.find(states, place.name, place.stacks).own
    known = StageStatus(
        place.name,
        {name: found.get(name) for name in (*place.stacks, *sorted(found.keys() - place.stacks.keys()))},
        base_stage.taken(aws.session().client("ssm"), place.name, place.stacks),
        published.service_urls(place.name, place.stacks.values()),
        stage_secrets.missing_on(states, place.name, place.stacks.values())
        if found.keys() & place.stacks.keys()
        else (),
    )
    if as_json:
        console.result(json_document.text(known.document()))
    else:
        for line in known.lines():
            console.result(line)
    if not known.is_there:
        raise StagectlError(f"Stage {place.name} has no stacks here.")
