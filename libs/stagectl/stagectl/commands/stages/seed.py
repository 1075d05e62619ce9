"""Load demo data into a stage."""

from stagectl.checkout import Checkout
from stagectl.commands.options import AsJson, OnEmulator, StageName
from stagectl.deployment import seed as seeding
from stagectl.stages import lifecycle
from stagectl.targets.target import LOCAL_STAGE


def seed(*, stage: StageName = LOCAL_STAGE, emulator: OnEmulator = False, as_json: AsJson = False) -> None:
    """Load demo data into a deployed stage. Refuses the stage prod.

    Secrets are not demo data: `up` and `configure` create them.

    For example:

        stagectl seed

        stagectl seed --stage dev
    """
    checkout = Checkout.here()
    resolved = lifecycle.find(checkout, stage, use_emulator=emulator)
    seeding.check_seedable(resolved.name)
    lifecycle.enter_deployed(resolved)
    seeding.seed(checkout, resolved.name, resolved.stacks, resolved.target)
    seeding.show_sign_ins(checkout, resolved.name, resolved.target, as_json=as_json)
