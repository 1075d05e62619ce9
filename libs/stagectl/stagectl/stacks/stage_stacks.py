"""The stacks of a stage, known to this checkout or not, and their dependencies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from stagectl.aws import refusals
from stagectl.checkout import facts, ssm_handoff
from stagectl.checkout.services import Stack
from stagectl.stacks.stack_states import StackStates
from stagectl.stacks.stack_status import StackStatus
from stagectl.terminal import console

PROJECT = facts.PROJECT


@dataclass(frozen=True)
class StageStacks:
    """The stacks of a stage.

    Attributes:
        own: State of its stacks by service.
        foreign: Stacks with the name of one of the stage's, and other tags, each with
            what the tags say.
    """

    own: Mapping[str, StackStatus] = field(default_factory=dict)
    foreign: Mapping[str, str] = field(default_factory=dict)


def find(states: StackStates, stage: str, known: Iterable[str]) -> StageStacks:
    """Return the stacks that belong to a stage.

    A stack does that is called `{service}-{stage}` and whose tags say project, service and stage: also one of
    a service that the checkout does not have. Of the checkout's services its name is enough.

    Args:
        states: The stacks of its target.
        stage: Name of the stage.
        known: Names of the checkout's services.
    """
    from botocore.exceptions import ClientError  # noqa: PLC0415 - comes with boto3, see aws.py

    wanted = {f"{service}-{stage}": service for service in known}
    try:
        names = [name for name in states.names() if name.endswith(f"-{stage}")]
    except ClientError as error:
        if not refusals.is_denied(error):
            raise
        console.say("The credentials may not list stacks: only those of this checkout's services are found.")
        names = list(wanted)
    own: dict[str, StackStatus] = {}
    foreign: dict[str, str] = {}
    for name in names:
        try:
            status = states.find(name)
        except ClientError as error:
            if name in wanted or not refusals.is_denied(error):
                raise
            continue  # not ours, as nobody may even look at it
        if status is None:
            continue
        service = wanted.get(name) or status.tags.get("service", "")
        if _is_tagged(status, service, stage) or (name in wanted and not _contradicts(status, stage)):
            own[service] = status
        elif name in wanted:
            tags = {key: status.tags[key] for key in ("project", "stage") if key in status.tags}
            foreign[name] = ", ".join(f"{key} {value}" for key, value in tags.items())
    return StageStacks(own, foreign)


def dependencies(
    states: StackStates, found: Mapping[str, StackStatus], stacks: Mapping[str, Stack]
) -> dict[str, frozenset[str]]:
    """Return the dependencies of each stack of a stage, from its deployed template, else from the checkout.

    Where stacks of different versions depend on one another in a circle, the closing dependency is omitted.
    """
    needs: dict[str, frozenset[str]] = {}
    for service, status in found.items():
        deployed = ssm_handoff.producers_read_in(states.template(status.name))
        declared = stacks[service].dependencies if service in stacks else frozenset()
        needs[service] = frozenset((deployed or declared) & found.keys() - {service})
    return _without_circles(needs)


def _without_circles(needs: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    kept: dict[str, frozenset[str]] = {}
    for name, wanted in needs.items():
        kept[name] = frozenset(other for other in wanted if not _reaches(kept, other, name))
    return kept


def _reaches(needs: Mapping[str, frozenset[str]], start: str, goal: str) -> bool:
    return start == goal or any(_reaches(needs, other, goal) for other in needs.get(start, ()))


def _is_tagged(status: StackStatus, service: str, stage: str) -> bool:
    tags = status.tags
    says = (tags.get("project"), tags.get("service"), tags.get("stage"))
    return says == (PROJECT, service, stage) and status.name == f"{service}-{stage}"


def _contradicts(status: StackStatus, stage: str) -> bool:
    tags = status.tags
    return tags.get("project", PROJECT) != PROJECT or tags.get("stage", stage) != stage
