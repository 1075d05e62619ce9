"""Which stages nobody needs any more."""

from datetime import UTC, datetime

import pytest

from stagectl import reap
from stagectl.reap import Reapable
from stagectl.stack_states import StackStatus

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
BEFORE, AFTER = "2026-01-31T11:59:59Z", "2026-01-31T12:00:01Z"
BRANCHES = {"main", "feature/menu"}


def stack(stage: str, service: str = "orders", **tags: str) -> StackStatus:
    own = {"project": "big-mouth", "stage": stage, "service": service} | tags
    return StackStatus(f"{service}-{stage}", "CREATE_COMPLETE", NOW, own)


def found(*stacks: StackStatus) -> list[Reapable]:
    return reap.find(stacks, now=NOW, branches=BRANCHES)


def test_a_stage_whose_time_is_over_is_found() -> None:
    [one] = found(stack("preview-a", **{"expires-at": BEFORE}))
    assert one == Reapable("preview-a", "expired at 2026-01-31 11:59 UTC")


def test_a_stage_that_still_has_time_stays() -> None:
    assert found(stack("preview-a", branch="feature/menu", **{"expires-at": AFTER})) == []


def test_a_stage_stays_as_long_as_the_last_of_its_stacks_may() -> None:
    old = stack("preview-a", **{"expires-at": BEFORE})
    new = stack("preview-a", "restaurants", **{"expires-at": AFTER})
    assert found(old, new) == []


def test_a_stage_whose_branch_is_gone_is_found() -> None:
    [one] = found(stack("preview-a", branch="feature/gone", **{"expires-at": AFTER}))
    assert one.reason == "branch feature/gone is gone"


def test_no_stage_goes_for_its_branch_while_nobody_knows_the_branches() -> None:
    lost = stack("preview-a", branch="feature/gone", **{"expires-at": AFTER})
    assert reap.find([lost], now=NOW, branches=None) == []


@pytest.mark.parametrize("stage", ["dev", "staging", "prod", "local", "faults", "Prod", " PROD ", "DEV"])
def test_permanent_stages_stay_by_any_spelling(stage: str) -> None:
    assert found(stack(stage, branch="feature/gone", **{"expires-at": BEFORE})) == []


def test_a_stage_whose_tags_say_nothing_stays() -> None:
    assert found(stack("preview-a")) == []


@pytest.mark.parametrize("moment", ["never", "", "tomorrow"])
def test_a_time_that_cannot_be_read_ends_nothing(moment: str) -> None:
    assert found(stack("preview-a", branch="main", **{"expires-at": moment})) == []


def test_stacks_of_other_projects_are_nobodys_business_here() -> None:
    assert found(stack("preview-a", project="another", **{"expires-at": BEFORE})) == []


def test_a_stage_that_somebody_is_at_work_on_stays() -> None:
    busy = stack("preview-a", **{"expires-at": BEFORE})
    assert found(StackStatus(busy.name, "UPDATE_IN_PROGRESS", NOW, busy.tags)) == []
