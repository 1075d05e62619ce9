"""Show the status of a stage."""

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
    """Show a stage: its stacks, the commit that they come from, when it expires, and its URLs.

    Exits with 1 when the stage has no stacks.

    For example:

        stagectl status

        stagectl status --stage feature/new-menu --json
    """
    checkout = Checkout.here()
    resolved = lifecycle.find(checkout, stage, use_emulator=emulator)
    lifecycle.enter_existing(resolved)
    states = StackStates.of(resolved.target)
    found = stage_stacks.find(states, resolved.name, resolved.stacks).own
    known = StageStatus(
        resolved.name,
        {
            name: found.get(name)
            for name in (*resolved.stacks, *sorted(found.keys() - resolved.stacks.keys()))
        },
        base_stage.taken(aws.session().client("ssm"), resolved.name, resolved.stacks),
        published.service_urls(resolved.name, resolved.stacks.values()),
        stage_secrets.missing_on(states, resolved.name, resolved.stacks.values())
        if found.keys() & resolved.stacks.keys()
        else (),
    )
    if as_json:
        console.result(json_document.text(known.document()))
    else:
        for line in known.lines():
            console.result(line)
    if not known.is_there:
        raise StagectlError(f"Stage {resolved.name} has no stacks. To list stages: stagectl list.")
