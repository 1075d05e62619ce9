"""Show the demo sign-ins of a stage."""

from stagectl.checkout import Checkout
from stagectl.commands.options import AsJson, OnEmulator, StageName
from stagectl.deployment import seed
from stagectl.errors import StagectlError
from stagectl.stages import lifecycle
from stagectl.targets.target import LOCAL_STAGE


def sign_ins(
    *, stage: StageName = LOCAL_STAGE, emulator: OnEmulator = False, as_json: AsJson = False
) -> None:
    """Show the demo sign-ins of a stage on this machine, and the code that registers a new user there.

    Of a stage on AWS, only the file is named that holds those that were loaded from here: passwords of such a
    stage are never printed, and Cognito mails the codes. Exits with 1 when there are none.

    For example:

        stagectl users sign-ins

        stagectl users sign-ins --json | jq -r '.signIns[0].password'
    """
    checkout = Checkout.here()
    found = lifecycle.find(checkout, stage, use_emulator=emulator)
    if not seed.show_sign_ins(checkout, found.name, found.target, as_json=as_json):
        raise StagectlError(
            f"There are no demo sign-ins of stage {found.name} here. To load demo data: "
            f"stagectl seed --stage {found.name}."
        )
