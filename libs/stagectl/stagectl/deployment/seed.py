"""Load the services' demo data into a stage."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from stagectl.checkout import Checkout
from stagectl.checkout.services import Stack
from stagectl.errors import StagectlError, UsageError
from stagectl.system.child_process import Children
from stagectl.targets.production import PRODUCTION
from stagectl.targets.target import Target
from stagectl.terminal import console, json_document

SIGN_UP_CODE = "123456"
"""The sign-up code of MiniStack, which sends no mail."""


@dataclass(frozen=True)
class SignIn:
    """A sign-in to try a stage with.

    Attributes:
        role: What the person is, such as `customer`.
        email: The address to sign in with.
        password: Its password.
    """

    role: str
    email: str
    password: str = field(repr=False)


def seed(checkout: Checkout, stage: str, stacks: Mapping[str, Stack], target: Target) -> None:
    """Run the seed scripts of the stacks in deployment order.

    Each runs with POWERTOOLS_SERVICE_NAME, STAGE and SIGN_INS_FILE in its environment; auth's writes sign-ins
    to try into that file.

    Raises:
        UsageError: The stage must not have demo data.
        StagectlError: A script failed.
    """
    check_seedable(stage)
    sign_ins = sign_ins_file(checkout, stage, target)
    sign_ins.parent.mkdir(parents=True, exist_ok=True)
    environment = {**target.environment, "STAGE": stage, "SIGN_INS_FILE": str(sign_ins)}
    for stack in stacks.values():
        if stack.seed_script.is_file():
            _run(checkout, stack, {**environment, "POWERTOOLS_SERVICE_NAME": stack.name})


def check_seedable(stage: str) -> None:
    """Raise for the production stage.

    Raises:
        UsageError: The stage must not have demo data.
    """
    if stage == PRODUCTION:
        raise UsageError(f"Stage {stage} has real data: demo data cannot be loaded.")


def sign_ins_file(checkout: Checkout, stage: str, target: Target) -> Path:
    """Return the file that holds the demo sign-ins of a stage, once demo data is loaded."""
    folder = target.emulator.folder / "tmp" if target.emulator else checkout.state / "sign-ins"
    return folder / f"sign-ins-{stage}.json"


def read_sign_ins(path: Path) -> list[SignIn]:
    """Return the demo sign-ins that a file holds; none when it is missing or damaged."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return [SignIn(entry["role"], entry["email"], entry["password"]) for entry in content]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return []


def show_sign_ins(checkout: Checkout, stage: str, target: Target, *, as_json: bool = False) -> bool:
    """Print the demo sign-ins of a stage, and how to register; on AWS, only the file that holds them.

    A password of a stage on AWS is never printed, since a workflow's log keeps it.

    Returns:
        Whether there are any.
    """
    file = sign_ins_file(checkout, stage, target)
    sign_ins = read_sign_ins(file)
    shown = sign_ins if target.is_emulator else []
    if as_json:
        document = {
            "stage": stage,
            "signIns": shown,
            "registrationCode": SIGN_UP_CODE if target.is_emulator else None,
            "file": file if sign_ins else None,
        }
        console.result(json_document.text(document))
        return bool(sign_ins)
    if sign_ins and not shown:
        console.say(f"The demo sign-ins are in {checkout.shown(file)}")
    for sign_in in shown:
        console.result(f"{f'Sign in as {sign_in.role}:':<22} {sign_in.email}  {sign_in.password}")
    if shown:
        console.say(f"To register:           the emulator sends no mail; its code is always {SIGN_UP_CODE}")
    return bool(sign_ins)


def _run(checkout: Checkout, stack: Stack, environment: Mapping[str, str]) -> None:
    command = [str(checkout.python), str(stack.seed_script)]
    completed = Children().run(command, cwd=checkout.root, environment=environment)
    for line in completed.output.splitlines():
        console.say(f"  {stack.name}: {line}")
    if completed.exit_code != 0:
        raise StagectlError(f"Seeding {stack.name} failed with code {completed.exit_code}")
