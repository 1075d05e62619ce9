"""The origin and the expiry of a deployment, as tags of its stacks."""

import os
import re
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from stagectl.checkout.facts import PERMANENT_STAGES
from stagectl.terminal import outside_text
from stagectl.terminal.outside_text import UNKNOWN

NEVER = "never"
GIT_DEADLINE_SECONDS = 30.0
_PULL_REQUEST = re.compile(r"refs/pull/([0-9]+)/")


def tags(root: Path, stage: str, *, time_to_live: timedelta, now: datetime | None = None) -> dict[str, str]:
    """Return the tags of a stage's stacks, for people and `stagectl reap`, in values that AWS accepts.

    On GitHub Actions they come from the run, elsewhere from git. Permanent stages never expire.
    """
    expires_at = (now or datetime.now(UTC)) + time_to_live
    repository = os.environ.get("GITHUB_REPOSITORY") or _git(root, "remote", "get-url", "origin")
    said = {
        "branch": branch(root),
        # Not GITHUB_SHA, which for a pull request is a merge commit that is not checked out.
        "commit": _git(root, "rev-parse", "HEAD"),
        "owner": os.environ.get("GITHUB_ACTOR") or _git(root, "config", "user.email"),
        "repository": outside_text.without_credentials(repository),
        "expires-at": NEVER if stage in PERMANENT_STAGES else expires_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        **_pull_request(),
    }
    return {name: outside_text.tag_value(value) for name, value in said.items()}


def branch(root: Path, environment: Mapping[str, str] = os.environ) -> str:
    """Return the branch that is deployed; of a pull request, the one that it comes from.

    It is `unknown` for a checkout of a tag or of a mere commit, and outside of a repository.
    """
    if environment.get("GITHUB_HEAD_REF"):
        return environment["GITHUB_HEAD_REF"]
    if environment.get("GITHUB_REF", "").startswith("refs/tags/"):
        return UNKNOWN
    return environment.get("GITHUB_REF_NAME") or _git(root, "branch", "--show-current")


def _pull_request(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the tag with the number of the pull request that GitHub Actions runs for, if it does."""
    match = _PULL_REQUEST.match(environment.get("GITHUB_REF", ""))
    return {"pull-request": match[1]} if match else {}


def remote_branches(root: Path) -> frozenset[str] | None:
    """Return the branches of the remote repository, or None when they are not known.

    A repository without branches counts as not known, since all stages would be removed for it.
    """
    # Not splitlines, which also ends lines at characters that a branch's name may hold.
    listed = (_run(root, "ls-remote", "--heads", "origin") or "").split("\n")
    names = (line.partition("refs/heads/")[2] for line in listed)
    return frozenset(filter(None, names)) or None


def _git(root: Path, *arguments: str) -> str:
    return (_run(root, *arguments) or "").strip("\n") or UNKNOWN


def _run(root: Path, *arguments: str) -> str | None:
    try:
        completed = subprocess.run(
            ["git", *arguments],
            cwd=root,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",  # as in os.environ, which may name the same branch
            check=True,
            timeout=GIT_DEADLINE_SECONDS,
            env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return completed.stdout
