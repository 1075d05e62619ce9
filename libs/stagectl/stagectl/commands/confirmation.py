"""Ask before something is lost for good, or customers get something else."""

import sys
from collections.abc import Collection

import typer

from stagectl.errors import UsageError
from stagectl.targets.production import PRODUCTION


def require(
    stage: str, what: str, accepted: Collection[str], *, look_first: str, purpose: str = "delete for good"
) -> None:
    """Let a person type a name before a change that cannot be taken back.

    Args:
        stage: The stage; on production only an option confirms.
        what: What is to be typed, such as `the queue's name`.
        accepted: Texts that confirm.
        look_first: What to do before --yes on production, as a sentence.
        purpose: What the name confirms.

    Raises:
        UsageError: It was not confirmed.
    """
    if stage == PRODUCTION:
        raise UsageError(f"Stage {stage} needs --yes. {look_first}")
    if not is_terminal():
        raise UsageError("Not a terminal: pass --yes.")
    if typer.prompt(f"Type {what} to {purpose}", err=True) not in accepted:
        raise UsageError(f"That is not {what}. Nothing was changed.")


def is_terminal() -> bool:
    """Return whether a person can answer."""
    return sys.stdin.isatty()
