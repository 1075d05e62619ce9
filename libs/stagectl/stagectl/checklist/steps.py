"""The check-list of a release: steps that run in order, each of which may be skipped by its name."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from stagectl.errors import StagectlError, UsageError
from stagectl.terminal import hints


class State(StrEnum):
    """What became of a step."""

    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    CHECKED = "checked"
    PLANNED = "planned"
    NOT_RUN = "not run"


@dataclass(frozen=True)
class Step:
    """A step.

    Attributes:
        name: Its name, by which it is skipped.
        does: What it does, as an imperative sentence without an end.
        run: Does it; returns what came of it in a few words, and raises what stops the release.
        plan: What a dry run does in its place, which changes nothing; None when nothing can be told before.
    """

    name: str
    does: str
    run: Callable[[], str]
    plan: Callable[[], str] | None = None


@dataclass
class Outcome:
    """What became of a step, and how it was said."""

    step: str
    state: State
    said: str = ""


@dataclass
class Result:
    """What became of a release.

    Attributes:
        outcomes: Of each step, in order.
        error: What stopped it; None when it came to its end.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    error: StagectlError | None = None

    def was_done(self, name: str) -> bool:
        """Return whether a step was done."""
        return any(outcome.step == name and outcome.state is State.DONE for outcome in self.outcomes)


def check_names(steps: Sequence[Step], skipped: Collection[str]) -> None:
    """Check the names of skipped steps.

    Raises:
        UsageError: There is no such step.
    """
    names = [step.name for step in steps]
    for name in skipped:
        if name not in names:
            raise UsageError(hints.unknown("step", name, names))


def work(
    steps: Sequence[Step], *, skipped: Collection[str], is_dry_run: bool, say: Callable[[str], None]
) -> Result:
    """Run the steps until one stops the release.

    Args:
        steps: What to do.
        skipped: Names of the steps that are left out.
        is_dry_run: Whether only to plan.
        say: Prints progress.
    """
    result = Result()
    for number, step in enumerate(steps, start=1):
        if result.error is not None:
            result.outcomes.append(Outcome(step.name, State.NOT_RUN))
            continue
        say(f"{number}/{len(steps)} {step.name}: {step.does}")
        outcome = _outcome(step, skipped, is_dry_run=is_dry_run, result=result)
        result.outcomes.append(outcome)
        # What stopped the release is printed at its end.
        said = "" if outcome.state is State.FAILED else outcome.said
        say(f"    {outcome.state}{f': {said}' if said else ''}")
    return result


def _outcome(step: Step, skipped: Collection[str], *, is_dry_run: bool, result: Result) -> Outcome:
    if step.name in skipped:
        return Outcome(step.name, State.SKIPPED)
    act = step.plan if is_dry_run else step.run
    if act is None:
        return Outcome(step.name, State.PLANNED)
    try:
        return Outcome(step.name, State.CHECKED if is_dry_run else State.DONE, act())
    except StagectlError as error:
        result.error = error
        return Outcome(step.name, State.FAILED, str(error))
