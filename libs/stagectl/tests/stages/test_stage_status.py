"""What is told of a stage."""

import json
from datetime import UTC, datetime

from stagectl.stacks.stack_status import StackStatus
from stagectl.stacks.stage_secrets import Finding, Outcome
from stagectl.stages.stage_status import StageStatus
from stagectl.terminal import json_document

THEN = datetime(2026, 1, 31, 12, tzinfo=UTC)


def stack(service: str, state: str = "UPDATE_COMPLETE", **tags: str) -> StackStatus:
    return StackStatus(f"{service}-pr-1", state, THEN, {"branch": "menu"} | tags)


def test_stacks_are_told_with_their_states_and_commits_and_what_is_missing() -> None:
    status = StageStatus(
        "pr-1",
        {"shared-infra": stack("shared-infra", commit="0123456789"), "auth": None, "orders": None},
        from_base={"auth": "dev"},
        urls={"restaurants": "https://r"},
    )
    assert list(status.lines()) == [
        "shared-infra   UPDATE_COMPLETE          2026-01-31 12:00 UTC  0123456",
        "auth           from dev",
        "orders         not there",
        "branch         menu",
        "commit         0123456789",
        "restaurants    https://r",
    ]


def test_what_the_stacks_say_differently_is_told_side_by_side() -> None:
    stacks = {"orders": stack("orders", branch="menu"), "auth": stack("auth", branch="main")}

    assert "branch         main, menu" in list(StageStatus("pr-1", stacks).lines())


def test_a_stage_without_stacks_is_not_there() -> None:
    assert not StageStatus("pr-1", {"orders": None}).is_there
    assert StageStatus("pr-1", {"orders": stack("orders", "DELETE_FAILED")}).is_there


def test_the_document_for_programs_says_all() -> None:
    status = StageStatus(
        "pr-1", {"orders": stack("orders"), "auth": None}, {"auth": "dev"}, {"orders": "https://o"}
    )
    document = json.loads(json_document.text(status.document()))

    assert document["stage"] == "pr-1"
    assert document["stacks"]["auth"] is None
    assert document["stacks"]["orders"]["state"] == "UPDATE_COMPLETE"
    assert document["stacks"]["orders"]["updatedAt"] == "2026-01-31T12:00:00Z"
    assert (document["fromBase"], document["urls"]) == ({"auth": "dev"}, {"orders": "https://o"})


def test_no_token_of_an_older_deployment_is_shown() -> None:
    tagged = stack("orders", repository="https://x-access-token:ghp_EXAMPLE0000@github.com/acme/shop.git")
    status = StageStatus("pr-1", {"orders": tagged})

    shown = [*status.lines(), json_document.text(status.document())]
    assert "repository     https://github.com/acme/shop.git" in shown
    assert "ghp_" not in "".join(shown)


def test_a_missing_secret_is_named_with_the_command_that_makes_it() -> None:
    secret = Finding("/orders/pr-1/pay/secretString", Outcome.MISSING)
    status = StageStatus("pr-1", {"orders": stack("orders")}, missing_secrets=[secret])

    assert list(status.lines())[-1] == (
        "secret missing /orders/pr-1/pay/secretString  (stagectl configure --stage pr-1)"
    )
    assert status.document()["missingSecrets"] == ["/orders/pr-1/pay/secretString"]
