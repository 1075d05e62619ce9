"""Real repositories for what reads git, in folders of their own."""

import os
import subprocess
from pathlib import Path

_IDENTITY = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false")


def git(root: Path, *arguments: str) -> str:
    """Run git in a folder and return what it prints, whatever repository this is part of."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "GITHUB_"))}
    ran = subprocess.run(
        ["git", *_IDENTITY, *arguments], cwd=root, check=True, capture_output=True, text=True, env=kept
    )
    return ran.stdout.strip()


def repository(root: Path, *branches: str) -> str:
    """Make a repository with one empty commit, which each branch is at; returns the commit."""
    root.mkdir(parents=True, exist_ok=True)
    git(root, "init", "--quiet", "--initial-branch", branches[0])
    git(root, "commit", "--quiet", "--allow-empty", "--message", "first")
    for branch in branches[1:]:
        git(root, "branch", branch)
    return git(root, "rev-parse", "HEAD")
