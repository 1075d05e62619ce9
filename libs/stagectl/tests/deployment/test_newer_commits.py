"""Which commits a stage is not taken back from, told by real histories."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from stagectl.checkout import Checkout, services
from stagectl.deployment import newer_commits
from stagectl.errors import DeploymentError
from stagectl.stacks.stack_states import StackStates
from stagectl.stacks.stack_status import StackStatus
from stagectl.stacks.stage import Stage
from stagectl.stages import lifecycle
from stagectl.targets import provenance
from stagectl.targets.target import Target

from ..fakes.cloud import FakeCloud, stack
from ..fakes.git import git, repository

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def commits(tmp_path: Path) -> list[str]:
    """Three commits on main, of which the second is checked out, and one beside them."""
    git(tmp_path, "init", "--initial-branch", "main")
    made = []
    for number in range(3):
        git(tmp_path, "commit", "--allow-empty", "--message", f"number {number}")
        made.append(git(tmp_path, "rev-parse", "HEAD"))
    git(tmp_path, "checkout", "-b", "beside", made[0])
    git(tmp_path, "commit", "--allow-empty", "--message", "beside")
    made.append(git(tmp_path, "rev-parse", "HEAD"))
    git(tmp_path, "checkout", made[1])
    return made


@pytest.fixture(autouse=True)
def no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """No run of GitHub's says which branch this is."""
    for name in os.environ:
        if name.startswith(("GITHUB_", "GIT_")):
            monkeypatch.delenv(name)


def at(commit: str, service: str = "orders") -> StackStatus:
    return StackStatus(f"{service}-prod", "UPDATE_COMPLETE", datetime.now(UTC), {"commit": commit})


def test_a_stage_that_is_past_the_commit_is_not_taken_back(tmp_path: Path, commits: list[str]) -> None:
    with pytest.raises(DeploymentError) as refusal:
        newer_commits.check(
            tmp_path, "prod", [at(commits[2], "restaurants"), at(commits[0], "auth"), at(commits[2])]
        )

    newer = commits[2][:7]
    assert str(refusal.value) == (
        f"Stage prod runs a newer commit than this checkout: orders-prod ({newer}), "
        f"restaurants-prod ({newer}). Nothing was deployed. To undo a change, revert it in a new commit, "
        "or deploy without --forward-only."
    )


def test_the_refusal_names_the_way_out_of_the_command(tmp_path: Path, commits: list[str]) -> None:
    git(tmp_path, "checkout", commits[1])

    with pytest.raises(DeploymentError, match=r"in a new commit, or pass --skip forward\.$"):
        newer_commits.check(tmp_path, "prod", [at(commits[2])], otherwise="pass --skip forward")


def test_a_stage_deployed_by_stagectl_is_compared_by_the_tag_that_it_carries(
    tmp_path: Path, commits: list[str]
) -> None:
    git(tmp_path, "checkout", commits[2])
    tags = provenance.tags(tmp_path, "prod", time_to_live=timedelta(days=1))
    git(tmp_path, "checkout", commits[1])

    with pytest.raises(DeploymentError):
        newer_commits.check(tmp_path, "prod", [StackStatus("orders-prod", "UPDATE_COMPLETE", NOW, tags)])


def test_a_stage_is_compared_whatever_git_warns_of(
    tmp_path: Path, commits: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "git"
    program.write_text("#!/bin/sh\necho 'warning: something is odd' >&2\necho 0\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    newer_commits.check(tmp_path, "prod", [at(commits[1])])


def test_a_stage_without_a_tag_may_go_to_the_commit(tmp_path: Path, commits: list[str]) -> None:
    newer_commits.check(tmp_path, "prod", [StackStatus("orders-prod", "CREATE_COMPLETE", NOW)])


def test_a_deployment_that_only_goes_forward_looks_at_every_stack_of_its_stage(
    checkout: Checkout, write: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("services/orders/serverless.yml", "service: orders")
    before = repository(checkout.root, "main")
    git(checkout.root, "commit", "--allow-empty", "--message", "second")
    after = git(checkout.root, "rev-parse", "HEAD")
    git(checkout.root, "checkout", before)
    cloud = cast("Any", FakeCloud(stack("prod", "orders", tags={"commit": after})))
    monkeypatch.setattr(lifecycle, "enter", lambda _: None)
    states = StackStates(cloud, cloud, is_emulator=False)
    monkeypatch.setattr(StackStates, "of", lambda _: states)
    target = Target("a test", {}, is_emulator=False)
    stage = Stage("prod", services.discover(checkout.root), target)

    with pytest.raises(DeploymentError, match="orders-prod"):
        lifecycle.bring_up(checkout, stage, forward_only=True)


@pytest.mark.parametrize("number", [0, 1, 3], ids=["older", "the same", "another branch"])
def test_any_other_stage_may_go_to_the_commit(tmp_path: Path, commits: list[str], number: int) -> None:
    newer_commits.check(tmp_path, "prod", [at(commits[number])])


@pytest.mark.parametrize("unknown", ["unknown", "0" * 40, "", "--help"])
def test_what_git_does_not_know_is_no_reason_to_refuse(
    tmp_path: Path, commits: list[str], unknown: str
) -> None:
    newer_commits.check(tmp_path, "prod", [at(unknown)])


def test_it_is_said_when_the_branch_has_gone_on(
    tmp_path: Path, commits: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_HEAD_REF", "")
    monkeypatch.setenv("GITHUB_REF_NAME", "main")
    git(tmp_path, "update-ref", "refs/remotes/origin/main", commits[2])

    newer_commits.check(tmp_path, "prod", [at(commits[0])])

    assert capsys.readouterr().err == (
        "origin/main has newer commits: this deployment is not of the newest.\n"
    )


def test_the_branch_that_is_checked_out_is_the_one_that_may_have_gone_on(
    tmp_path: Path, commits: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    git(tmp_path, "checkout", "-b", "release", commits[1])
    git(tmp_path, "update-ref", "refs/remotes/origin/release", commits[2])

    newer_commits.check(tmp_path, "prod", [])

    assert capsys.readouterr().err.startswith("origin/release has newer commits")


def test_nothing_is_said_while_the_branch_is_where_it_was(
    tmp_path: Path, commits: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    git(tmp_path, "checkout", "main")
    git(tmp_path, "update-ref", "refs/remotes/origin/main", commits[2])

    newer_commits.check(tmp_path, "prod", [at(commits[0])])

    assert capsys.readouterr().err == ""
