import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stagectl import newer_commits
from stagectl.errors import DeploymentError
from stagectl.stack_states import StackStatus


def git(root: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.com")
    ran = subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True, text=True)
    return ran.stdout.strip()


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


def at(commit: str) -> StackStatus:
    return StackStatus("orders-prod", "UPDATE_COMPLETE", datetime.now(UTC), {"commit": commit})


def test_a_stage_that_is_past_the_commit_is_not_taken_back(tmp_path: Path, commits: list[str]) -> None:
    with pytest.raises(DeploymentError) as refusal:
        newer_commits.check(tmp_path, "prod", [at(commits[0]), at(commits[2])])

    assert f"orders-prod ({commits[2][:7]})" in str(refusal.value)
    assert "Nothing was deployed" in str(refusal.value)


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

    assert "origin/main has gone on" in capsys.readouterr().err
