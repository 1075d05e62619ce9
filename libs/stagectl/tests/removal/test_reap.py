"""Which stages are no longer needed."""

import time
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from stagectl.errors import UsageError
from stagectl.removal import reap
from stagectl.removal.reap import Findings, Reapable, Unclear, Wanted
from stagectl.stacks.stack_status import StackStatus
from stagectl.stacks.stage_stacks import PROJECT
from stagectl.terminal.outside_text import tag_value

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
BEFORE, AFTER = "2026-01-31T11:59:59Z", "2026-01-31T12:00:01Z"
BRANCHES = {"main", "feature/menu"}


def stack(stage: str, service: str = "orders", **tags: str) -> StackStatus:
    own = {"project": "big-mouth", "stage": stage, "service": service, "expires-at": AFTER} | tags
    return StackStatus(f"{service}-{stage}", "CREATE_COMPLETE", NOW, own)


def look(*stacks: StackStatus, pull_requests: Collection[int] | None = None) -> Findings:
    wanted = Wanted(BRANCHES, pull_requests)
    return reap.find(stacks, now=NOW, wanted=wanted, services=("orders", "shared-infra"))


def found(*stacks: StackStatus, pull_requests: Collection[int] | None = None) -> list[Reapable]:
    return look(*stacks, pull_requests=pull_requests).stages


def test_a_stage_whose_time_is_over_is_found() -> None:
    [one] = found(stack("preview-a", **{"expires-at": BEFORE}))
    assert one == Reapable("preview-a", "expired at 2026-01-31 11:59 UTC")


def test_a_stage_is_over_at_the_very_moment_that_it_names() -> None:
    assert [one.stage for one in found(stack("preview-a", **{"expires-at": "2026-01-31T12:00:00Z"}))] == [
        "preview-a"
    ]


def test_the_time_is_told_in_utc_wherever_this_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "Etc/GMT-9")
        time.tzset()
        [one] = found(stack("preview-a", **{"expires-at": "2026-01-31T12:59:59+01:00"}))
    time.tzset()

    assert one.reason == "expired at 2026-01-31 11:59 UTC"


def test_stages_behind_what_stays_are_found() -> None:
    over = {"expires-at": BEFORE}
    busy = replace(stack("preview-a", **over), state="UPDATE_IN_PROGRESS")
    unclear = stack("preview-b", **{"expires-at": "soon"})

    findings = look(
        stack("x", project="another"), busy, stack("prod", **over), unclear, stack("preview-c", **over)
    )
    assert [one.stage for one in findings.stages] == ["preview-c"]


def test_a_stage_that_still_has_time_stays() -> None:
    assert found(stack("preview-a", branch="feature/menu", **{"expires-at": AFTER})) == []


def test_a_stage_stays_as_long_as_the_last_of_its_stacks_may() -> None:
    old = stack("preview-a", **{"expires-at": BEFORE})
    new = stack("preview-a", "restaurants", **{"expires-at": AFTER})
    assert found(old, new) == []


def test_a_stage_whose_branch_is_gone_is_found() -> None:
    [one] = found(stack("preview-a", branch="feature/gone", **{"expires-at": AFTER}))
    assert one.reason == "branch feature/gone is gone"


@pytest.mark.parametrize("branch", ["fix/#12", "cafe\u0301", "x" * 300, "\u202eevil", "y\u2028z"])
def test_a_stage_stays_while_its_branch_is_there_under_the_name_that_its_tag_has(branch: str) -> None:
    live = stack("preview-a", branch=tag_value(branch))
    as_it_was = stack("preview-b", branch=branch)

    def found_with(branches: set[str]) -> list[str]:
        wanted = Wanted(branches)
        return [one.stage for one in reap.find([live, as_it_was], now=NOW, wanted=wanted, services=()).stages]

    assert found_with({"main", branch}) == []
    assert found_with({"main"}) == ["preview-a", "preview-b"]


@pytest.mark.parametrize("branch", ["HEAD", "unknown", ""])
def test_a_stage_that_came_from_no_branch_does_not_go_for_one(branch: str) -> None:
    detached = stack("preview-a", branch=branch)
    from_a_branch = stack("preview-a", "shared-infra", branch="feature/gone")

    assert found(detached) == []
    assert found(detached, from_a_branch) == []


def test_a_stage_with_a_stack_of_untold_origin_does_not_go_for_its_branch() -> None:
    assert found(stack("preview-a"), stack("preview-a", "shared-infra", branch="feature/gone")) == []


def test_no_stage_goes_for_its_branch_while_nobody_knows_the_branches() -> None:
    lost = stack("preview-a", branch="feature/gone", **{"expires-at": AFTER})
    assert reap.find([lost], now=NOW, wanted=Wanted(), services=()) == Findings()


@pytest.mark.parametrize(
    "stage",
    [
        "dev",
        "staging",
        "prod",
        "local",
        "faults",
        "Prod",
        " PROD ",
        "DEV",
        "p rod",
        "prod\u200b",
        "\uff50\uff52\uff4f\uff44",
        "STA-GING",
    ],
)
def test_permanent_stages_stay_by_any_spelling(stage: str) -> None:
    assert look(stack(stage, branch="feature/gone", **{"expires-at": BEFORE})) == Findings()


@pytest.mark.parametrize("stage", ["pr\u043ed", "\u0440rod", "d\u0435v", "preview_x", "-"])
def test_a_name_that_no_stage_can_have_is_told_and_nothing_goes(stage: str) -> None:
    findings = look(stack(stage, **{"expires-at": BEFORE}))

    assert (findings.stages, len(findings.unclear)) == ([], 1)


def test_a_permanent_stages_stack_stays_whatever_its_tags_say() -> None:
    mistagged = stack("preview-a", **{"expires-at": BEFORE})
    prod = StackStatus("orders-prod", "CREATE_COMPLETE", NOW, mistagged.tags)
    of_another_branch = StackStatus(
        "billing-prod", "CREATE_COMPLETE", NOW, mistagged.tags | {"service": "billing"}
    )

    assert look(prod, of_another_branch) == Findings()


def test_stages_are_found_in_the_order_of_the_alphabet() -> None:
    over = {"expires-at": BEFORE}

    assert [one.stage for one in found(stack("preview-b", **over), stack("preview-a", **over))] == [
        "preview-a",
        "preview-b",
    ]


def test_a_stage_that_only_looks_like_the_accounts_own_is_a_stage() -> None:
    odd = StackStatus(
        "orders-preview-a", "CREATE_COMPLETE", NOW, stack("preview-a", service="orders-preview-a").tags
    )

    [unclear] = look(odd).unclear
    assert unclear.reason == "by its tags it would be called orders-preview-a-preview-a"


def test_the_accounts_own_stack_is_of_no_stage() -> None:
    tags = {"project": "big-mouth", "service": "big-mouth-account"}

    assert look(StackStatus("big-mouth-account", "CREATE_COMPLETE", NOW, tags)) == Findings()


def test_a_preview_of_a_branch_about_a_permanent_stage_is_a_preview() -> None:
    assert [one.stage for one in found(stack("preview-fix-prod", **{"expires-at": BEFORE}))] == [
        "preview-fix-prod"
    ]


@pytest.mark.parametrize("missing", ["stage", "service", "expires-at"])
def test_a_stack_whose_tags_do_not_say_enough_is_told_and_its_stage_stays(missing: str) -> None:
    told = stack("preview-a", branch="feature/gone", **{"expires-at": BEFORE})
    unclear = replace(told, tags={name: value for name, value in told.tags.items() if name != missing})

    assert look(unclear) == Findings([], [Unclear("orders-preview-a", f"it has no tag {missing}")])


def test_all_tags_that_are_missing_are_told() -> None:
    untold = StackStatus("orders-preview-a", "CREATE_COMPLETE", NOW, {"project": PROJECT, "stage": " "})

    [one] = look(untold).unclear
    assert one.reason == "it has no tag stage, service, expires-at"


def test_a_stage_stays_when_one_of_its_stacks_is_unclear() -> None:
    untold = stack("preview-a", "shared-infra", **{"expires-at": "soon"})

    assert found(stack("preview-a", **{"expires-at": BEFORE}), untold) == []


def test_a_stack_without_tags_is_told_when_it_is_called_like_one_of_ours() -> None:
    ours = StackStatus("orders-preview-a", "REVIEW_IN_PROGRESS", NOW)
    theirs = StackStatus("billing-preview-a", "CREATE_COMPLETE", NOW)

    assert [one.stack for one in look(ours, theirs).unclear] == ["orders-preview-a"]


def test_a_stack_that_is_not_called_as_its_tags_say_is_told() -> None:
    stray = StackStatus("orders-other", "CREATE_COMPLETE", NOW, stack("preview-a").tags)

    [one] = look(stray).unclear
    assert one.reason == "by its tags it would be called orders-preview-a"


@pytest.mark.parametrize("moment", ["tomorrow", "2026-13-01"])
def test_a_time_that_cannot_be_read_ends_nothing_and_is_told(moment: str) -> None:
    findings = look(stack("preview-a", branch="main", **{"expires-at": moment}))

    assert (findings.stages, len(findings.unclear)) == ([], 1)


def test_a_stage_that_never_expires_stays() -> None:
    assert look(stack("preview-a", branch="main", **{"expires-at": "never"})) == Findings()


def test_a_stage_whose_pull_request_is_closed_is_found_although_its_branch_is_there() -> None:
    preview = stack("preview-a", branch="feature/menu", **{"pull-request": "12"})

    assert found(preview, pull_requests={13}) == [Reapable("preview-a", "pull request #12 is closed")]
    assert found(preview, pull_requests={12}) == []


def test_all_of_a_stages_branches_or_pull_requests_that_are_over_are_named() -> None:
    two_branches = stack("preview-a", branch="b"), stack("preview-a", "shared-infra", branch="a")
    two_requests = (
        stack("preview-a", branch="main", **{"pull-request": "12"}),
        stack("preview-a", "shared-infra", branch="main", **{"pull-request": "3"}),
    )

    assert found(*two_branches)[0].reason == "branch a, b is gone"
    assert found(*two_requests, pull_requests={1})[0].reason == "pull request #3, #12 is closed"
    assert found(*two_requests, pull_requests={12}) == []


def closed_with(
    heads: Collection[str] = (), patterns: str = "", branches: Collection[str] | None = BRANCHES
) -> bool:
    """Return whether the stage of the closed pull request 5 of the branch feature/menu goes."""
    preview = stack("preview-a", branch="feature/menu", **{"pull-request": "5"})
    wanted = Wanted(branches, {6}, heads, patterns)
    return bool(reap.find([preview], now=NOW, wanted=wanted, services=()).stages)


def test_a_stage_stays_until_the_last_pull_request_of_its_branch_is_closed() -> None:
    assert not closed_with(heads={"feature/menu"})
    assert closed_with(heads={"feature/other"})


def test_a_stage_stays_whose_branch_has_one_without_a_pull_request() -> None:
    assert not closed_with(patterns="release/* feature/*")
    assert closed_with(patterns="release/*")
    assert closed_with(patterns="feature/*", branches={"main"})


def test_a_stage_stays_while_nobody_knows_whether_its_branch_has_one_of_its_own() -> None:
    assert not closed_with(patterns="release/*", branches=None)
    assert closed_with(branches=None)


def test_a_branch_in_another_form_than_its_tag_keeps_its_stage_too() -> None:
    preview = stack("preview-a", branch=tag_value("fix/#12"), **{"pull-request": "5"})
    wanted = Wanted(None, {6}, {"fix/#12"})

    assert reap.find([preview], now=NOW, wanted=wanted, services=()) == Findings()


@pytest.mark.parametrize(
    ("text", "heads"),
    [
        ('[{"number": 1, "headRefName": "a"}, {"number": 2, "headRefName": "b"}]', {"a", "b"}),
        ('[{"number": 1, "headRefName": "a", "isCrossRepository": true}]', set()),
        ('[{"number": 1, "headRefName": "a", "isCrossRepository": false}]', {"a"}),
        ('[{"number": 1}, 2]', set()),
        ("1 2", set()),
        ("", set()),
    ],
)
def test_the_branches_of_open_pull_requests_are_read_where_they_are_listed(
    text: str, heads: set[str]
) -> None:
    assert reap.read_heads(text) == heads


def test_no_stage_goes_for_its_pull_request_while_nobody_knows_the_open_ones() -> None:
    assert found(stack("preview-a", **{"pull-request": "12"})) == []


def test_a_stage_that_was_deployed_for_a_newer_pull_request_stays() -> None:
    unchanged = stack("preview-a", **{"pull-request": "12"})
    changed = stack("preview-a", "shared-infra", **{"pull-request": "15"})

    assert found(unchanged, changed, pull_requests={15}) == []


def test_a_stage_that_somebody_deployed_without_a_pull_request_stays() -> None:
    by_hand = stack("preview-a", "shared-infra")

    assert found(stack("preview-a", **{"pull-request": "12"}), by_hand, pull_requests=set()) == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ('[{"number": 12}, {"number": 3}]', {12, 3}),
        ("[12, 3]", {12, 3}),
        ("\n [12]\n", {12}),
        ("12, 3", {12, 3}),
        ("12\n3\n", {12, 3}),
        ("[]", set()),
    ],
)
def test_open_pull_requests_are_read_from_json_or_plain_numbers(text: str, numbers: set[int]) -> None:
    assert reap.read_pull_requests(text) == numbers


@pytest.mark.parametrize("text", ["", " \n", "none", '[{"title": "x"}]', "[null]", "[", "{}"])
def test_a_list_of_pull_requests_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as refusal:
        reap.read_pull_requests(text)
    assert str(refusal.value) == (
        "The list of open pull requests must hold numbers, or JSON as `gh pr list --json "
        "number,headRefName,isCrossRepository` prints it ([] when none is open)."
    )


def test_stacks_of_other_projects_are_nobodys_business_here() -> None:
    assert found(stack("preview-a", project="another", **{"expires-at": BEFORE})) == []


def test_a_stage_that_somebody_is_at_work_on_stays() -> None:
    busy = stack("preview-a", **{"expires-at": BEFORE})
    assert found(StackStatus(busy.name, "UPDATE_IN_PROGRESS", NOW, busy.tags)) == []


def test_a_first_deployment_that_was_broken_off_does_not_keep_its_stage() -> None:
    review = stack("preview-a", **{"expires-at": BEFORE})

    assert found(StackStatus(review.name, "REVIEW_IN_PROGRESS", NOW, review.tags))
