"""What a stage's stacks are tagged with."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stagectl import provenance

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_runner(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_REF", "GITHUB_HEAD_REF", "GITHUB_REF_NAME", "GITHUB_ACTOR", "GITHUB_REPOSITORY"):
        monkeypatch.delenv(name, raising=False)


def tags(stage: str, root: Path) -> dict[str, str]:
    return provenance.tags(root, stage, time_to_live=timedelta(days=3), now=NOW)


def test_a_stage_tells_when_it_is_over(tmp_path: Path) -> None:
    assert tags("preview-a", tmp_path)["expires-at"] == "2026-02-03T12:00:00Z"


@pytest.mark.parametrize("stage", ["dev", "staging", "prod"])
def test_permanent_stages_never_are(tmp_path: Path, stage: str) -> None:
    assert tags(stage, tmp_path)["expires-at"] == "never"


def test_a_run_for_a_pull_request_tells_which(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GITHUB_REF", "refs/pull/12/merge")
    monkeypatch.setenv("GITHUB_HEAD_REF", "feature/menu")

    found = tags("preview-a", tmp_path)
    assert (found["pull-request"], found["branch"]) == ("12", "feature/menu")


@pytest.mark.parametrize("ref", ["refs/heads/pull/12/x", "refs/tags/v1", ""])
def test_any_other_run_belongs_to_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ref: str) -> None:
    monkeypatch.setenv("GITHUB_REF", ref)

    assert "pull-request" not in tags("preview-a", tmp_path)
