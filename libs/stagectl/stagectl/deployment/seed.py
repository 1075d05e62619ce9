"""Load the services' demo data into a stage."""

import json
from collections.abc import Mapping
from pathlib import Path

from stagectl.checkout import Checkout
from stagectl.checkout.services import Stack
from stagectl.errors import StagectlError, UsageError
from stagectl.system.child_process import Children
from stagectl.targets.production import PRODUCTION
from stagectl.targets.target import Target
from stagectl.terminal import console


def seed(checkout: Checkout, stage: str, stacks: Mapping[str, Stack], target: Target) -> None:
    """Run the seed scripts of the stacks in deployment order.

    Each runs with SERVICE_NAME, STAGE and SIGN_IN_FILE in its environment; auth's writes a sign-in to
    try into that file.

    Raises:
        UsageError: The stage must not have demo data.
        StagectlError: A script failed.
    """
    check_seedable(stage)
    sign_in = sign_in_file(checkout, stage, target)
    sign_in.parent.mkdir(parents=True, exist_ok=True)
    environment = {**target.environment, "STAGE": stage, "SIGN_IN_FILE": str(sign_in)}
    for stack in stacks.values():
        if stack.seed_script.is_file():
            _run(
                checkout,
                stack,
                {**environment, "SERVICE_NAME": stack.name, "POWERTOOLS_SERVICE_NAME": stack.name},
            )


def check_seedable(stage: str) -> None:
    """Raise for the production stage.

    Raises:
        UsageError: The stage must not have demo data.
    """
    if stage == PRODUCTION:
        raise UsageError(f"Stage {stage} has real data: demo data cannot be loaded.")


def sign_in_file(checkout: Checkout, stage: str, target: Target) -> Path:
    """Return the file that holds the demo sign-in of a stage, once demo data is loaded."""
    folder = target.emulator.folder / "tmp" if target.emulator else checkout.state / "sign-ins"
    return folder / f"sign-in-{stage}.json"


def read_sign_in(path: Path) -> tuple[str, str] | None:
    """Return e-mail address and password of the demo sign-in, or None when the stage has none."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return content["email"], content["password"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def show_sign_in(checkout: Checkout, stage: str, target: Target) -> None:
    """Print the demo sign-in of a stage; on AWS, only the file that holds it.

    A password of a stage on AWS is never printed, since a workflow's log keeps it.
    """
    file = sign_in_file(checkout, stage, target)
    sign_in = read_sign_in(file)
    if sign_in is None:
        return
    if target.is_emulator:
        email, password = sign_in
        console.result(f"A sign-in to try:   {email}  {password}")
    else:
        console.say(f"The demo sign-in is in {checkout.shown(file)}")


def _run(checkout: Checkout, stack: Stack, environment: Mapping[str, str]) -> None:
    command = [str(checkout.python), str(stack.seed_script)]
    completed = Children().run(command, cwd=checkout.root, environment=environment)
    for line in completed.output.splitlines():
        console.say(f"  {stack.name}: {line}")
    if completed.exit_code != 0:
        raise StagectlError(f"Seeding {stack.name} failed with code {completed.exit_code}")
