from datetime import UTC, datetime, timedelta

import pytest

from stagectl.errors import UsageError
from stagectl.releases import rollback
from stagectl.releases.rollback import Outcome, Step

from ..fakes.released import STACK, ReleasedStack
from .conftest import GET, PLACE
from .test_release_recorder import NOON, recorder, release


def roll_back(stack: ReleasedStack) -> dict[str, Step]:
    planned = rollback.plan(stack.aliases.of_stack(STACK))
    rollback.run(stack.aliases, planned, None)
    return {step.function: step for _, step in planned}


def later(hours: int) -> datetime:
    return NOON.astimezone(UTC) + timedelta(hours=hours)


def test_everything_that_the_last_release_moved_is_back(stack: ReleasedStack) -> None:
    release(stack, PLACE, GET)

    steps = roll_back(stack)

    assert stack.live() == {PLACE: "1", GET: "1"}
    assert {(step.before, step.after, step.outcome) for step in steps.values()} == {("2", "1", Outcome.BACK)}


def test_what_the_last_release_did_not_move_stays(stack: ReleasedStack) -> None:
    release(stack, PLACE, GET)
    release(stack, PLACE, at=later(1))

    steps = roll_back(stack)

    assert stack.live() == {PLACE: "2", GET: "2"}
    assert (steps[GET].outcome, steps[GET].reason) == (
        Outcome.UNCHANGED,
        "the last release did not change it",
    )


def test_a_second_rollback_changes_nothing(stack: ReleasedStack) -> None:
    release(stack, PLACE, GET)
    release(stack, PLACE, GET, at=later(1))
    roll_back(stack)

    steps = roll_back(stack)

    assert stack.live() == {PLACE: "2", GET: "2"}
    assert {step.reason for step in steps.values()} == {"rolled back from version 3 before"}


def test_after_a_rollback_the_next_release_returns_to_what_was_live_and_not_to_the_number_before(
    stack: ReleasedStack,
) -> None:
    release(stack, PLACE)
    release(stack, PLACE, at=later(1))
    roll_back(stack)
    release(stack, PLACE, at=later(2))
    assert stack.live()[PLACE] == "4"

    roll_back(stack)

    assert stack.live()[PLACE] == "2"


def test_a_release_whose_stagectl_was_killed_is_rolled_back_all_the_same(stack: ReleasedStack) -> None:
    recorder(stack).begin(STACK)
    stack.deploy(PLACE)

    steps = roll_back(stack)

    assert stack.live() == {PLACE: "1", GET: "1"}
    assert steps[GET].reason == "the release had not reached it"


def test_traffic_that_is_being_shifted_returns_to_where_it_came_from(stack: ReleasedStack) -> None:
    recorder(stack).begin(STACK)
    stack.deploy(PLACE)
    stack.point(PLACE, "1", v2=0.1)

    steps = roll_back(stack)

    (place, _) = sorted(stack.aliases.of_stack(STACK), key=lambda one: one.name, reverse=True)
    assert (place.version, place.shares) == ("1", {})
    assert (steps[PLACE].before, steps[PLACE].after) == ("2", "1")
    assert steps[PLACE].reason == "10% of its traffic went to version 2"


def test_an_alias_that_was_moved_without_a_record_stays_and_is_reported(stack: ReleasedStack) -> None:
    release(stack, PLACE, GET)
    stack.deploy(PLACE)

    steps = roll_back(stack)

    assert stack.live() == {PLACE: "3", GET: "1"}
    assert steps[PLACE].outcome is Outcome.UNKNOWN


def test_a_stage_without_a_record_has_nothing_to_roll_back(stack: ReleasedStack) -> None:
    with pytest.raises(UsageError, match="no function has a record of a release"):
        rollback.plan(stack.aliases.of_stack(STACK))


def test_deployments_are_stopped_also_where_no_traffic_was_shifted_yet(stack: ReleasedStack) -> None:
    recorder(stack).begin(STACK)
    stopped: set[str] = set()

    planned = rollback.plan(stack.aliases.of_stack(STACK))
    rollback.run(stack.aliases, planned, lambda function: stopped.add(function.name))

    assert stopped == {PLACE, GET}


def test_a_deployment_that_moved_nothing_leaves_the_release_before_it_alone(stack: ReleasedStack) -> None:
    release(stack, PLACE, GET)
    before = stack.live()

    assert rollback.moved(stack.aliases.of_stacks([STACK]), before) == []

    release(stack, PLACE, at=later(1))

    moved = rollback.moved(stack.aliases.of_stacks([STACK]), before)
    assert [function.name for function in moved] == [PLACE]
    assert [step.after for _, step in rollback.plan(moved)] == ["2"]
