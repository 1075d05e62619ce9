"""Finding stages that nobody needs any more."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from stagectl.provenance import NEVER
from stagectl.remove import PERMANENT
from stagectl.stack_states import StackStatus

LOCAL = frozenset({"local", "faults"})


@dataclass(frozen=True)
class Reapable:
    """A stage that should go, and why."""

    stage: str
    reason: str


def find(stacks: Iterable[StackStatus], *, now: datetime, branches: Collection[str] | None) -> list[Reapable]:
    """Return the stages whose time is over or whose branch is gone, by what the tags of their stacks say.

    A stage stays when its tags say nothing: nobody knows whose it is. Permanent stages always stay.

    Args:
        stacks: All stacks of a place.
        now: When it is.
        branches: The branches that exist; None when that is not known, and then no stage goes for it.
    """
    stages: dict[str, list[StackStatus]] = {}
    for stack in stacks:
        stage = stack.tags.get("stage", "")
        if stage and stack.tags.get("project") == "big-mouth" and not _stays(stage):
            stages.setdefault(stage, []).append(stack)
    found = []
    for stage, own in sorted(stages.items()):
        if any(stack.state.endswith("_IN_PROGRESS") for stack in own):
            continue  # somebody is at work on it
        reason = _expiry(own, now) or _lost_branch(own, branches)
        if reason:
            found.append(Reapable(stage, reason))
    return found


def _stays(stage: str) -> bool:
    return stage.strip().casefold() in PERMANENT | LOCAL


def _expiry(stacks: Iterable[StackStatus], now: datetime) -> str | None:
    """Say since when a stage has been over: since the last of its stacks was."""
    moments = [moment for stack in stacks if (moment := _moment(stack.tags.get("expires-at", NEVER)))]
    last = max(moments, default=None)
    return f"expired at {last:%Y-%m-%d %H:%M} UTC" if last and last <= now else None


def _lost_branch(stacks: Iterable[StackStatus], branches: Collection[str] | None) -> str | None:
    named = {stack.tags["branch"] for stack in stacks if "branch" in stack.tags} - {"unknown", "HEAD"}
    if branches is None or not named or named & set(branches):
        return None
    return f"branch {', '.join(sorted(named))} is gone"


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return None
