"""Find stages that are no longer needed."""

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from stagectl.errors import UsageError
from stagectl.stacks.stack_status import StackStatus
from stagectl.stacks.stage_stacks import PROJECT
from stagectl.targets import preview_branches, stage_name
from stagectl.targets.provenance import NEVER
from stagectl.terminal import outside_text
from stagectl.terminal.json_document import shown_time

LOCAL = frozenset({"local", "faults"})
_NO_BRANCH = frozenset({outside_text.UNKNOWN, "HEAD", ""})


@dataclass(frozen=True)
class Reapable:
    """A stage to remove, and why."""

    stage: str
    reason: str


@dataclass(frozen=True)
class Unclear:
    """A stack that is kept because its tags do not tell whether its stage is still needed."""

    stack: str
    reason: str


@dataclass(frozen=True)
class Findings:
    """The stages to remove, and the stacks whose tags do not tell."""

    stages: list[Reapable] = field(default_factory=list)
    unclear: list[Unclear] = field(default_factory=list)


@dataclass(frozen=True)
class Wanted:
    """What a stage is still needed for.

    Attributes:
        branches: The existing branches. None when unknown, which removes no stage.
        pull_requests: Numbers of the open pull requests. None when unknown, which removes no stage.
        heads: Branches that have an open pull request.
        patterns: Which branches have a stage without one, as `preview_branches` reads it.
    """

    branches: Collection[str] | None = None
    pull_requests: Collection[int] | None = None
    heads: Collection[str] = ()
    patterns: str = ""

    def needs(self, named: Collection[str]) -> bool:
        """Return whether one of the branches in tags has a stage, be its pull request closed or not."""
        if self.patterns and self.branches is None:
            return True  # it cannot be told, so the stage stays
        own = {branch for branch in self.branches or () if preview_branches.fits(branch, self.patterns)}
        return _is_among(named, {*self.heads, *own})


def find(
    stacks: Iterable[StackStatus], *, now: datetime, wanted: Wanted, services: Collection[str]
) -> Findings:
    """Return the stages that expired or whose branch or pull request is gone, by their stacks' tags.

    Permanent stages and those of a developer's machine are always kept, however their names are spelled. So
    is a stage with a stack whose tags are incomplete: that stack is reported.

    Args:
        stacks: All stacks of a target.
        now: When it is.
        wanted: What keeps stages.
        services: Names of the checkout's services, by which a stack without tags is known for the project's.
    """
    findings = Findings()
    stages: dict[str, list[StackStatus]] = {}
    doubtful: set[str] = set()
    for stack in stacks:
        if not _is_ours(stack, services) or _stays(stack, services):
            continue
        stage = stack.tags.get("stage", "")
        reason = _doubt(stack)
        if reason:
            findings.unclear.append(Unclear(stack.name, reason))
            doubtful.add(stage)
        else:
            stages.setdefault(stage, []).append(stack)
    for stage, own in sorted(stages.items()):
        if stage in doubtful or any(stack.is_changing for stack in own):
            continue
        why = _expiry(own, now) or _lost_branch(own, wanted.branches) or _closed(own, wanted)
        if why:
            findings.stages.append(Reapable(stage, why))
    return findings


def read_pull_requests(text: str) -> frozenset[int]:
    """Return the numbers of pull requests from a list of them.

    Args:
        text: A JSON list of numbers or of objects with a `number`, as GitHub's API gives them, or plain
            numbers with white space between.

    Raises:
        UsageError: It is neither, or blank: a blank list looks like a listing that failed.
    """
    try:
        return frozenset(int(one["number"] if isinstance(one, dict) else one) for one in _listed(text))
    except (ValueError, TypeError, KeyError) as error:
        raise UsageError(
            "The list of open pull requests must hold numbers, or JSON as `gh pr list --json "
            "number,headRefName,isCrossRepository` prints it ([] when none is open)."
        ) from error


def read_heads(text: str) -> frozenset[str]:
    """Return the branches of this repository in a list of pull requests; none when it has only numbers.

    Args:
        text: A list that `read_pull_requests` has read.
    """
    objects = [one for one in _listed(text) if isinstance(one, dict) and not one.get("isCrossRepository")]
    return frozenset(str(one["headRefName"]) for one in objects if "headRefName" in one)


def _listed(text: str) -> list[Any]:
    listed: list[Any] = (
        json.loads(text) if text.lstrip().startswith("[") else re.split(r"[\s,]+", text.strip())
    )
    return listed


def _is_ours(stack: StackStatus, services: Collection[str]) -> bool:
    project = stack.tags.get("project")
    if project is not None:
        return project == PROJECT
    return stack.name.startswith(tuple(f"{service}-" for service in services))


def _stays(stack: StackStatus, services: Collection[str]) -> bool:
    """Return whether a stack belongs to a stage that is always kept, by its tag or its name, or to none."""
    tagged = stack.tags.get("stage", "")
    if not tagged and stack.tags.get("service") == stack.name:
        return True  # the account's own, which has no stage
    stages = {stack.name.removeprefix(f"{service}-") for service in (*services, stack.tags.get("service"))}
    return any(
        stage_name.is_permanent(stage) or stage.strip().casefold() in LOCAL for stage in (*stages, tagged)
    )


def _doubt(stack: StackStatus) -> str | None:
    tags = stack.tags
    missing = [
        name for name in ("project", "stage", "service", "expires-at") if not tags.get(name, "").strip()
    ]
    if missing:
        return f"it has no tag {', '.join(missing)}"
    if not stage_name.is_valid(tags["stage"]):
        return f"its tag stage, {tags['stage']!r}, is not a stage name"
    if stack.name != f"{tags['service']}-{tags['stage']}":
        return f"by its tags it would be called {tags['service']}-{tags['stage']}"
    if tags["expires-at"] != NEVER and _moment(tags["expires-at"]) is None:
        return f"its tag expires-at, {tags['expires-at']!r}, is not a time"
    return None


def _expiry(stacks: Iterable[StackStatus], now: datetime) -> str | None:
    """Return since when a stage has expired: the latest expiry of its stacks."""
    moments = [_moment(stack.tags["expires-at"]) for stack in stacks]
    known = [moment for moment in moments if moment]
    if len(known) < len(moments) or max(known) > now:
        return None
    return f"expired at {shown_time(max(known))}"


def _lost_branch(stacks: Iterable[StackStatus], branches: Collection[str] | None) -> str | None:
    # A stack that came from no branch was deployed by hand: then the stage is not that branch's alone.
    named = _branches_of(stacks)
    if branches is None or named & _NO_BRANCH or _is_among(named, branches):
        return None
    return f"branch {', '.join(sorted(named))} is gone"


def _branches_of(stacks: Iterable[StackStatus]) -> set[str]:
    return {stack.tags.get("branch", "") for stack in stacks}


def _is_among(named: Collection[str], branches: Collection[str]) -> bool:
    """Return whether a branch that tags name is one of some; tags name some of them in another form."""
    return not {*branches, *map(outside_text.tag_value, branches)}.isdisjoint(named)


def _closed(stacks: Collection[StackStatus], wanted: Wanted) -> str | None:
    """Return a reason when all of a stage's pull requests are closed and its branch has no other one."""
    # A stack without a pull request was deployed by hand, so the stage is not theirs alone.
    named = {stack.tags.get("pull-request", "") for stack in stacks}
    if wanted.pull_requests is None or not all(text.isdecimal() for text in named):
        return None
    numbers = {int(text) for text in named}
    if numbers & set(wanted.pull_requests) or wanted.needs(_branches_of(stacks)):
        return None
    return f"pull request {', '.join(f'#{number}' for number in sorted(numbers))} is closed"


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return None
