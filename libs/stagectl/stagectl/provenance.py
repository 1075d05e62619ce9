"""Where a deployment comes from and how long it may stay: the tags of its stacks."""

import os
import re
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from stagectl.stage_name import PERMANENT

NEVER = "never"
_UNKNOWN = "unknown"
_PULL_REQUEST = re.compile(r"refs/pull/([0-9]+)/")


def tags(root: Path, stage: str, *, time_to_live: timedelta, now: datetime | None = None) -> dict[str, str]:
    """Return the tags that tell people and `stagectl reap` about a stage's stacks.

    On GitHub Actions they come from the run, elsewhere from git. Permanent stages never expire.
    """
    expires_at = (now or datetime.now(UTC)) + time_to_live
    return {
        "branch": branch(root),
        # Not GITHUB_SHA, which of a pull request is a merge that nobody has checked out.
        "commit": _git(root, "rev-parse", "HEAD"),
        "owner": os.environ.get("GITHUB_ACTOR") or _git(root, "config", "user.email"),
        "repository": os.environ.get("GITHUB_REPOSITORY") or _git(root, "remote", "get-url", "origin"),
        "expires-at": NEVER if stage in PERMANENT else expires_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        **_pull_request(),
    }


def branch(root: Path, environment: Mapping[str, str] = os.environ) -> str:
    """Return the branch that is deployed; of a pull request, the one that it comes from."""
    given = environment.get("GITHUB_HEAD_REF") or environment.get("GITHUB_REF_NAME")
    return given or _git(root, "rev-parse", "--abbrev-ref", "HEAD")


def _pull_request(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the tag with the number of the pull request that GitHub Actions runs for, if it does."""
    match = _PULL_REQUEST.match(environment.get("GITHUB_REF", ""))
    return {"pull-request": match[1]} if match else {}


def remote_branches(root: Path) -> frozenset[str] | None:
    """Return the branches that the remote repository has, or None when that cannot be found out."""
    listed = _run(root, "ls-remote", "--heads", "origin")
    if listed is None:
        return None
    names = (line.partition("refs/heads/")[2] for line in listed.splitlines())
    return frozenset(filter(None, names))


def _git(root: Path, *arguments: str) -> str:
    return (_run(root, *arguments) or _UNKNOWN).strip() or _UNKNOWN


def _run(root: Path, *arguments: str) -> str | None:
    try:
        completed = subprocess.run(
            ["git", *arguments],
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
            env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return completed.stdout
