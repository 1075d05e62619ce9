"""Refuse a deployment that would take a stack back to an older commit."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from stagectl.errors import DeploymentError
from stagectl.stacks.stack_status import StackStatus
from stagectl.system.child_process import Children
from stagectl.targets import provenance
from stagectl.terminal import console

_SHOWN = 7


def check(
    root: Path,
    stage: str,
    deployed: Iterable[StackStatus],
    *,
    otherwise: str = "deploy without --forward-only",
) -> None:
    """Raise when a stack of a stage runs a later commit than the one checked out.

    A commit that cannot be compared, such as one of another branch, is no reason to refuse. A newer commit on
    the branch is reported only, since a later run will deploy it.

    Args:
        root: The checkout, with its history.
        stage: Name of the stage.
        deployed: The stage's stacks that are there, with their tags.
        otherwise: How to deploy the older commit all the same.

    Raises:
        DeploymentError: A stack is newer.
    """
    newer = {
        stack.name: commit
        for stack in deployed
        if (commit := stack.tags.get("commit")) and _comes_after_head(root, commit)
    }
    if newer:
        raise DeploymentError(_refusal(stage, newer, otherwise))
    upstream = f"origin/{provenance.branch(root)}"
    if _comes_after_head(root, upstream):
        console.say(f"{upstream} has newer commits: this deployment is not of the newest.")


def _comes_after_head(root: Path, commit: str) -> bool:
    """Return whether git knows the commit and has HEAD among its ancestors; no commit comes after itself."""
    ahead = Children().run(
        ["git", "rev-list", "--count", "--ancestry-path", "--end-of-options", f"HEAD..{commit}"], cwd=root
    )
    # git's warnings may stand before the count.
    return ahead.exit_code == 0 and ahead.output.split()[-1:] != ["0"]


def _refusal(stage: str, newer: Mapping[str, str], otherwise: str) -> str:
    stacks = ", ".join(f"{name} ({commit[:_SHOWN]})" for name, commit in sorted(newer.items()))
    return (
        f"Stage {stage} runs a newer commit than this checkout: {stacks}. Nothing was deployed. "
        f"To undo a change, revert it in a new commit, or {otherwise}."
    )
