"""Choose the services that a partial preview deploys, and those of its base stage that it uses."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stagectl.checkout.services import Stack
from stagectl.errors import UsageError
from stagectl.stacks import base_stage
from stagectl.stacks.published import LANDING_PAGE
from stagectl.stacks.stack_reader import StackReader

if TYPE_CHECKING:
    import boto3

OF_EVERY_STAGE = "shared-infra"
"""Every stage has an event bus of its own, so that a preview's events reach no other stage."""

_IDENTITY = "auth"
_CONFIGURATION = "ssmStage="
_MOST_SHOWN = 40


@dataclass(frozen=True)
class PartialPreview:
    """A stage that takes services from a base stage.

    Attributes:
        base: Stage that the other services are taken from.
        changed: Files by which each stack differs from what the base runs.
        since: What was compared with, for people.
    """

    base: str
    changed: Mapping[str, Sequence[str]]
    since: str


@dataclass(frozen=True)
class Composition:
    """What a stage consists of.

    Attributes:
        deployed: For each stack that is deployed, why.
        from_base: Services that are taken from the base stage.
    """

    deployed: Mapping[str, str]
    from_base: Sequence[str]

    def lines(self, base: str) -> list[str]:
        """Return lines for a terminal."""
        deployed = [f"  {name}: {why}" for name, why in self.deployed.items()]
        return [*deployed, *([f"  from {base}: {', '.join(self.from_base)}"] if self.from_base else [])]


def compose(
    stacks: Mapping[str, Stack], preview: PartialPreview, already_there: Collection[str]
) -> Composition:
    """Return which services are deployed, and which are the base stage's.

    A single changed service is deployed alone, with the page, which would otherwise show the base stage's
    data. Where several changed, or the user pool, those that consume one of them are deployed too: otherwise
    one half of the stage would meet the other half's neighbours, such as orders that trust the base stage's
    user pool and a page whose customers sign in at the stage's own.

    Args:
        stacks: All stacks, in deployment order.
        preview: The base, and what changed.
        already_there: Stacks that the stage has, which stay its own.
    """
    why: dict[str, str] = {}
    for name in stacks:
        files = preview.changed.get(name, ())
        if files:
            others = f" and {len(files) - 1} more" if len(files) > 1 else ""
            why[name] = f"{_short(files[0])}{others} changed since {preview.since}"
        elif name == OF_EVERY_STAGE:
            why[name] = "part of every stage"
        elif name in already_there:
            why[name] = "on the stage already"
    services = why.keys() - {OF_EVERY_STAGE}
    if len(services) > 1 or _IDENTITY in services:
        for name, stack in stacks.items():
            met = sorted(stack.dependencies & (why.keys() - {OF_EVERY_STAGE}))
            if name not in why and met:
                why[name] = f"consumes {met[0]}"
    if services and LANDING_PAGE in stacks:
        why.setdefault(LANDING_PAGE, "shows the stage's own services")
    return Composition(
        deployed={name: why[name] for name in stacks if name in why},
        from_base=[name for name in stacks if name not in why],
    )


def take(
    session: "boto3.Session", stage: str, stacks: Mapping[str, Stack], preview: PartialPreview
) -> Composition:
    """Choose what is deployed, and copy the parameters of the other services from the base stage.

    Nothing else is read from the base stage.

    Raises:
        UsageError: The base stage is the stage itself, or lacks a service that is wanted of it.
    """
    if stage == preview.base:
        raise UsageError(f"Stage {stage} cannot be its own base. Pass another stage as --base.")
    ssm = session.client("ssm")
    reader = StackReader(session.client("cloudformation"))
    there = {name for name, stack in stacks.items() if reader.find(stack.on_stage(stage))}
    composition = compose(stacks, preview, already_there=there)
    published = {name: base_stage.published(ssm, name, preview.base) for name in composition.from_base}
    missing = [name for name, found in published.items() if not found and _publishes(name, stacks)]
    if missing:
        raise UsageError(
            f"Stage {preview.base} has no {', '.join(missing)} to take from it. "
            f"Bring it up first (stagectl up --stage {preview.base}), name another --base, "
            "or deploy everything without --base and --changed-since."
        )
    base_stage.take(ssm, stage, preview.base, published)
    return composition


def _publishes(name: str, stacks: Mapping[str, Stack]) -> bool:
    return stacks[name].publishes_url or any(name in stack.dependencies for stack in stacks.values())


def with_configuration_of(base: str, parameters: Sequence[str]) -> Sequence[str]:
    """Return parameters that let a stage read the base's configuration and secrets, unless they say other."""
    if any(parameter.startswith(_CONFIGURATION) for parameter in parameters):
        return parameters
    return [*parameters, f"{_CONFIGURATION}{base}"]


def _short(path: str) -> str:
    return path if len(path) <= _MOST_SHOWN else f"…{path[1 - _MOST_SHOWN :]}"
