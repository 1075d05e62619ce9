import pytest

from stagectl.checklist.steps import State, Step, check_names, work
from stagectl.errors import StagectlError, UsageError


class Log:
    """Steps that note that they ran."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    def step(self, name: str, *, fails: bool = False, is_planned: bool = False) -> Step:
        def run() -> str:
            self.ran.append(name)
            if fails:
                raise StagectlError(f"{name} is in the way")
            return "all well"

        def plan() -> str:
            self.ran.append(f"plan of {name}")
            return "would do it"

        return Step(name, "Do it", run, plan if is_planned else None)


def states(steps: list[Step], *skipped: str, is_dry_run: bool = False) -> list[State]:
    result = work(steps, skipped=skipped, is_dry_run=is_dry_run, say=lambda _: None)
    return [outcome.state for outcome in result.outcomes]


def test_steps_run_in_order_and_say_what_came_of_them() -> None:
    log = Log()
    result = work([log.step("a"), log.step("b")], skipped=(), is_dry_run=False, say=lambda _: None)
    assert log.ran == ["a", "b"]
    assert [(outcome.step, outcome.said) for outcome in result.outcomes] == [
        ("a", "all well"),
        ("b", "all well"),
    ]
    assert result.error is None


def test_a_step_that_fails_stops_all_that_follow() -> None:
    log = Log()
    steps = [log.step("a"), log.step("b", fails=True), log.step("c")]
    assert states(steps) == [State.DONE, State.FAILED, State.NOT_RUN]
    assert log.ran == ["a", "b"]


def test_what_stopped_a_release_is_returned() -> None:
    result = work([Log().step("a", fails=True)], skipped=(), is_dry_run=False, say=lambda _: None)
    assert str(result.error) == "a is in the way"


def test_a_step_that_is_skipped_by_name_does_not_run() -> None:
    log = Log()
    assert states([log.step("a"), log.step("b", fails=True), log.step("c")], "b") == [
        State.DONE,
        State.SKIPPED,
        State.DONE,
    ]
    assert log.ran == ["a", "c"]


def test_a_dry_run_only_plans() -> None:
    log = Log()
    steps = [log.step("a", is_planned=True), log.step("b")]
    assert states(steps, is_dry_run=True) == [State.CHECKED, State.PLANNED]
    assert log.ran == ["plan of a"]


def test_a_name_that_no_step_has_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match=r"There is no step order\. Steps: a, b\."):
        check_names([Log().step("a"), Log().step("b")], ["order"])
