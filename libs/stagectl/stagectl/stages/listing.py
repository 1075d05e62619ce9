"""Find the existing stages."""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stagectl.checkout import Checkout
from stagectl.checkout.services import Stack
from stagectl.stacks.stack_states import StackStates
from stagectl.stacks.stack_status import StackStatus
from stagectl.targets import emulator, target
from stagectl.targets.target import Target


@dataclass(frozen=True)
class FoundStage:
    """A stage with those of its stacks that exist.

    Attributes:
        name: Stage name.
        place: Its target, for people.
        stacks: State of its stacks by service.
    """

    name: str
    place: str
    stacks: dict[str, StackStatus]


def targets(checkout: Checkout, *, aws: bool) -> list[Target]:
    """Return where to look for stages: the running emulators of the checkout, and what lies beyond it.

    Args:
        checkout: The checkout whose emulators count.
        aws: Look on AWS, or behind AWS_ENDPOINT_URL, too.
    """
    running = [machine for machine in emulator.known_emulators(checkout) if machine.is_alive()]
    found = [target.on_emulator(machine) for machine in running]
    if aws or os.environ.get("AWS_ENDPOINT_URL"):
        found.append(target.remote())
    return found


def find_stages(targets: Sequence[Target], stacks: Sequence[Stack]) -> list[FoundStage]:
    """Return the stages on some targets, target by target.

    Raises:
        CredentialsError: AWS refuses the credentials.
    """
    stages = []
    for where in targets:
        where.enter()
        if not where.is_emulator:
            target.account_id(where)
        found = StackStates.of(where).all()
        stages += group_by_stage(found, stacks, where.description)
    return stages


def group_by_stage(found: Iterable[StackStatus], stacks: Iterable[Stack], place: str) -> list[FoundStage]:
    """Return the stages that CloudFormation stacks called `{service}-{stage}` belong to, by name.

    Stacks of other projects are omitted. When a service's name begins with another's, the longer one counts.
    """
    services = sorted((stack.name for stack in stacks), key=len, reverse=True)
    pattern = re.compile(f"({'|'.join(map(re.escape, services))})-([a-z][a-z0-9-]*)")
    stages: dict[str, dict[str, StackStatus]] = {}
    for status in found:
        match = pattern.fullmatch(status.name) if services else None
        if match:
            stages.setdefault(match[2], {})[match[1]] = status
    return [FoundStage(name, place, dict(sorted(stages[name].items()))) for name in sorted(stages)]
