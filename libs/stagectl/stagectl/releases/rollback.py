"""Return the functions of a stage to what was live before its last release."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import Enum

from stagectl.errors import UsageError
from stagectl.releases.live import CALLS_AT_ONCE, LiveAliases, LiveFunction

StopShift = Callable[[LiveFunction], object]


class Outcome(Enum):
    """What happens to a function."""

    BACK = "back"
    UNCHANGED = "unchanged"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Step:
    """What a rollback does to a function.

    Attributes:
        function: Name of the function.
        before: Version that is live, or to which traffic is being shifted.
        after: Version that is live afterwards.
        outcome: Whether it changes.
        reason: Why.
    """

    function: str
    before: str
    after: str
    outcome: Outcome
    reason: str


def moved(functions: Sequence[LiveFunction], before: Mapping[str, str]) -> list[LiveFunction]:
    """Return the functions of which another version is live than before, or gets some of the traffic.

    Args:
        functions: The functions as they are.
        before: Version that was live, by the function's name.
    """
    return [one for one in functions if one.shares or before.get(one.name) != one.version]


def plan(functions: Sequence[LiveFunction]) -> list[tuple[LiveFunction, Step]]:
    """Return what undoing the last release of these functions means for each.

    The last release is the newest that any of their aliases records. Functions that it did not move stay. An
    alias that something else moved after its record was written stays too: what was live before is not known.

    Raises:
        UsageError: None of the functions has a version before.
    """
    releases = [record.began_at for function in functions if (record := function.record)]
    is_shifting = any(function.shares for function in functions)
    if not releases and not is_shifting:
        raise UsageError(
            "Nothing to roll back: no function has a record of a release, so nothing is earlier."
        )
    newest = max(releases, default="")
    return [(function, _step(function, newest)) for function in functions]


def _step(function: LiveFunction, newest: str) -> Step:
    record, live = function.record, function.version
    stays = Step(function.name, live, live, Outcome.UNCHANGED, "")
    if function.shares:
        (version, share), *_ = function.shares.items()
        reason = f"{share:.0%} of its traffic went to version {version}"
        return replace(stays, before=version, outcome=Outcome.BACK, reason=reason)
    if record is None or record.began_at != newest:
        return replace(stays, reason="the last release did not change it")
    if live == record.before:
        was_undone = f"rolled back from version {record.after} before"
        return replace(stays, reason=was_undone if record.is_undone else "the release had not reached it")
    if record.after not in {None, live}:
        reason = "moved without stagectl; what was live before is not recorded"
        return replace(stays, outcome=Outcome.UNKNOWN, reason=reason)
    return replace(stays, after=record.before, outcome=Outcome.BACK, reason=f"release of {record.began_at}")


def run(
    aliases: LiveAliases, planned: Sequence[tuple[LiveFunction, Step]], stop_shift: StopShift | None
) -> None:
    """Stop what shifts traffic, and move the aliases.

    Args:
        aliases: The aliases of the stage's target.
        planned: What to do.
        stop_shift: Stops a function's deployment in CodeDeploy; None where there is none.

    Raises:
        ClientError: AWS refused. Functions that are back already stay so: repeat the rollback.
    """

    def undo(one: tuple[LiveFunction, Step]) -> None:
        function, step = one
        if stop_shift:
            # Also where no traffic has been shifted yet: a hook may still run.
            stop_shift(function)
        if step.outcome is Outcome.BACK:
            record = function.record
            done = replace(record, before=step.after, after=step.before, is_undone=True) if record else ""
            aliases.move(function, step.after, str(done))

    with ThreadPoolExecutor(CALLS_AT_ONCE) as pool:
        list(pool.map(undo, planned))
