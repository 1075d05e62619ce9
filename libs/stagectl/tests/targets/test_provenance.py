"""What a stage's stacks are tagged with, read from real repositories and from a run's environment."""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stagectl.targets import provenance

from ..fakes.git import git, repository

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
SECRET = "ghp_EXAMPLE0000"


@pytest.fixture(autouse=True)
def no_runner(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No run of GitHub's and no settings of this machine's user are in force."""
    for name in os.environ:
        if name.startswith(("GITHUB_", "GIT_")):
            monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    (home / "config").write_text("[user]\n  email = ada@example.com\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / "config"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    # Whatever this folder is part of is not asked.
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(home.parent))


def tags(stage: str, root: Path) -> dict[str, str]:
    return provenance.tags(root, stage, time_to_live=timedelta(days=3), now=NOW)


def test_a_checkout_tells_branch_commit_owner_and_repository(tmp_path: Path) -> None:
    commit = repository(tmp_path, "feature/menu")
    git(tmp_path, "remote", "add", "origin", "git@github.com:acme/shop.git")

    assert tags("preview-a", tmp_path) == {
        "branch": "feature/menu",
        "commit": commit,
        "owner": "ada@example.com",
        "repository": "git@github.com:acme/shop.git",
        "expires-at": "2026-02-03T12:00:00Z",
    }


def test_outside_of_a_repository_what_is_not_known_is_called_unknown(tmp_path: Path) -> None:
    found = tags("preview-a", tmp_path)

    assert (found["branch"], found["commit"], found["repository"]) == ("unknown", "unknown", "unknown")


def test_a_run_tells_its_own_names_and_the_commit_that_is_checked_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    commit = repository(tmp_path, "main")
    git(tmp_path, "remote", "add", "origin", "https://github.com/someone/else")
    monkeypatch.setenv("GITHUB_REF_NAME", "release/1")
    monkeypatch.setenv("GITHUB_SHA", "0" * 40)
    monkeypatch.setenv("GITHUB_ACTOR", "octocat")
    monkeypatch.setenv("GITHUB_REPOSITORY", "acme/shop")

    found = tags("preview-a", tmp_path)
    assert (found["branch"], found["commit"]) == ("release/1", commit)
    assert (found["owner"], found["repository"]) == ("octocat", "acme/shop")


def test_variables_that_are_empty_say_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    repository(tmp_path, "main")
    for name in ("GITHUB_HEAD_REF", "GITHUB_REF", "GITHUB_REF_NAME", "GITHUB_ACTOR", "GITHUB_REPOSITORY"):
        monkeypatch.setenv(name, "")

    found = tags("preview-a", tmp_path)
    assert (found["branch"], found["owner"]) == ("main", "ada@example.com")
    assert "pull-request" not in found


def test_a_bots_name_becomes_a_legal_value(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GITHUB_ACTOR", "dependabot[bot]")

    assert tags("preview-a", tmp_path)["owner"] == "dependabot_bot=3aa597297d"


@pytest.mark.parametrize(
    ("branch", "tag"),
    [
        ("fix/#12", "fix/_12=dcb88c6d8d"),
        ("\u202eevil", "evil=c34b5d3b1d"),
        ("cafe\u0301", "cafe=81ef060bcd"),
        ("grüße/日本", "grüße/日本"),
        ("x\u00a0", "x=4ba9ef2447"),
        ("y\u2028z", "y_z=f8a66b4bef"),
    ],
)
def test_any_branch_becomes_a_legal_value_whether_git_or_a_run_tells_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, branch: str, tag: str
) -> None:
    repository(tmp_path, branch)
    assert tags("preview-a", tmp_path)["branch"] == tag

    monkeypatch.setenv("GITHUB_HEAD_REF", branch)
    assert tags("preview-a", tmp_path)["branch"] == tag


def test_the_token_in_a_remote_is_not_published(tmp_path: Path) -> None:
    repository(tmp_path, "main")
    address = f"https://x-access-token:{SECRET}@github.com/acme/shop.git?token={SECRET}"
    git(tmp_path, "remote", "add", "origin", address)

    assert tags("preview-a", tmp_path)["repository"] == "https://github.com/acme/shop.git"


def test_a_stage_tells_when_it_is_over(tmp_path: Path) -> None:
    assert tags("preview-a", tmp_path)["expires-at"] == "2026-02-03T12:00:00Z"


def test_the_time_to_live_counts_from_now_when_no_other_time_is_given(tmp_path: Path) -> None:
    before = datetime.now(UTC)
    found = provenance.tags(tmp_path, "preview-a", time_to_live=timedelta(hours=1))

    left = datetime.fromisoformat(found["expires-at"]) - before
    assert timedelta(minutes=59) < left < timedelta(minutes=61)


def test_the_time_to_live_ends_at_the_same_moment_in_every_time_zone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "Etc/GMT-9")
        time.tzset()
        found = provenance.tags(tmp_path, "preview-a", time_to_live=timedelta(hours=1))
    time.tzset()

    left = datetime.fromisoformat(found["expires-at"]) - datetime.now(UTC)
    assert timedelta(minutes=59) < left < timedelta(minutes=61)


def test_the_owner_is_whom_the_checkout_names(tmp_path: Path) -> None:
    repository(tmp_path, "main")
    git(tmp_path, "config", "user.email", "grace@example.com")

    assert tags("preview-a", tmp_path)["owner"] == "grace@example.com"


@pytest.mark.parametrize("stage", ["dev", "staging", "prod"])
def test_permanent_stages_never_are(tmp_path: Path, stage: str) -> None:
    assert tags(stage, tmp_path)["expires-at"] == "never"


def test_a_run_for_a_pull_request_tells_which(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GITHUB_REF", "refs/pull/12/merge")
    monkeypatch.setenv("GITHUB_REF_NAME", "12/merge")
    monkeypatch.setenv("GITHUB_HEAD_REF", "feature/menu")

    found = tags("preview-a", tmp_path)
    assert (found["pull-request"], found["branch"]) == ("12", "feature/menu")


@pytest.mark.parametrize("ref", ["refs/heads/pull/12/x", "refs/heads/refs/pull/12/x", "refs/tags/v1", ""])
def test_any_other_run_belongs_to_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ref: str) -> None:
    monkeypatch.setenv("GITHUB_REF", ref)

    assert "pull-request" not in tags("preview-a", tmp_path)


def test_no_run_at_all_belongs_to_no_pull_request(tmp_path: Path) -> None:
    assert "pull-request" not in tags("preview-a", tmp_path)


def test_a_run_for_a_tag_is_of_no_branch(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    repository(tmp_path, "main")
    monkeypatch.setenv("GITHUB_REF", "refs/tags/v1")
    monkeypatch.setenv("GITHUB_REF_NAME", "v1")

    assert provenance.branch(tmp_path) == "unknown"


def test_a_detached_checkout_is_of_no_branch(tmp_path: Path) -> None:
    commit = repository(tmp_path, "main")
    git(tmp_path, "checkout", "--quiet", commit)

    assert provenance.branch(tmp_path) == "unknown"


def test_a_branch_keeps_its_name_beside_a_tag_of_that_name(tmp_path: Path) -> None:
    repository(tmp_path, "X-v1-X")
    git(tmp_path, "tag", "X-v1-X")

    assert provenance.branch(tmp_path) == "X-v1-X"


def test_the_remotes_branches_are_listed_by_their_whole_names(tmp_path: Path) -> None:
    repository(tmp_path / "remote", "main", "feature/menu", "y\u2028z", "refs/heads/odd")
    for tag in ("v1", "refs/heads/tagged"):
        git(tmp_path / "remote", "tag", tag)
    repository(tmp_path / "fork", "of-a-fork")
    repository(tmp_path / "here", "only-here")
    for remote, folder in (("origin", "remote"), ("fork", "fork")):
        git(tmp_path / "here", "remote", "add", remote, str(tmp_path / folder))
    git(tmp_path / "here", "config", "branch.only-here.remote", "fork")

    found = provenance.remote_branches(tmp_path / "here")
    assert found == frozenset({"main", "feature/menu", "y\u2028z", "refs/heads/odd"})


@pytest.mark.parametrize("remote", ["gone", "empty", None])
def test_branches_are_not_known_when_the_remote_does_not_answer_has_none_or_is_not_set(
    tmp_path: Path, remote: str | None
) -> None:
    repository(tmp_path / "here", "main")
    (tmp_path / "empty").mkdir()
    git(tmp_path / "empty", "init", "--quiet")
    if remote:
        git(tmp_path / "here", "remote", "add", "origin", str(tmp_path / remote))

    assert provenance.remote_branches(tmp_path / "here") is None


def _git_that(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> None:
    program = folder / "git"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)


def test_a_listing_that_fails_halfway_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _git_that(monkeypatch, tmp_path, "printf '1\\trefs/heads/main\\n'; exit 128")

    assert provenance.remote_branches(tmp_path) is None


def test_git_never_asks_for_a_password(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _git_that(monkeypatch, tmp_path, "printf '1\\trefs/heads/prompt-%s\\n' \"$GIT_TERMINAL_PROMPT\"")

    assert provenance.remote_branches(tmp_path) == frozenset({"prompt-0"})


def test_a_branch_whose_name_is_no_text_is_the_same_wherever_it_is_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _git_that(monkeypatch, tmp_path, "printf '1\\trefs/heads/caf\\351\\n'")
    monkeypatch.setenv("GITHUB_HEAD_REF", "caf\udce9")

    assert provenance.remote_branches(tmp_path) == frozenset({provenance.branch(tmp_path)})


def test_a_machine_without_git_knows_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert provenance.remote_branches(tmp_path) is None
    assert provenance.branch(tmp_path) == "unknown"


def test_a_git_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(provenance, "GIT_DEADLINE_SECONDS", 0.2)
    _git_that(monkeypatch, tmp_path, "printf '1\\trefs/heads/main\\n'; exec sleep 5")

    assert provenance.remote_branches(tmp_path) is None


def test_a_git_that_answers_slowly_is_waited_for() -> None:
    assert 10 <= provenance.GIT_DEADLINE_SECONDS <= 60
