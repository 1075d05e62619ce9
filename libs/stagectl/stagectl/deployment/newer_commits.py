"""Seeing to it that a deployment takes no stack back to an older commit."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from stagectl.errors import DeploymentError
from stagectl.stacks.stack_status import StackStatus
from stagectl.system.child_process import Children
from stagectl.targets import provenance
from stagectl.terminal import console

_SHOWN = 7


def check(root: Path, stage: str, deployed: Iterable[StackStatus]) -> None:
    """Raise when a stack of a stage is at a commit that comes after the one that is checked out.

    What cannot be compared, such as a commit of another branch or one that git does not have, is no reason to
    refuse. When the branch has gone on meanwhile, this is said, since a later run is about to follow.

    Args:
        root: The checkout, with its history.
        stage: Name of the stage.
        deployed: The stage's stacks that are there, with their tags.

    Raises:
        DeploymentError: A stack is newer.
    """
    newer = {
        stack.name: commit
        for stack in deployed
        if (commit := stack.tags.get("commit")) and _comes_after_head(root, commit)
    }
    if newer:
        raise DeploymentError(_refusal(stage, newer))
    upstream = f"origin/{provenance.branch(root)}"
    if _comes_after_head(root, upstream):
        console.say(f"{upstream} has gone on: what is deployed now is not the newest any more.")


def _comes_after_head(root: Path, commit: str) -> bool:
    """Return whether git knows the commit and has HEAD among its ancestors; no commit comes after itself."""
    ahead = Children().run(
        ["git", "rev-list", "--count", "--ancestry-path", "--end-of-options", f"HEAD..{commit}"], cwd=root
    )
    # git's warnings may stand before the count.
    return ahead.exit_code == 0 and ahead.output.split()[-1:] != ["0"]


def _refusal(stage: str, newer: Mapping[str, str]) -> str:
    stacks = ", ".join(f"{name} ({commit[:_SHOWN]})" for name, commit in sorted(newer.items()))
    return (
        f"Stage {stage} is at a newer commit than this one: {stacks}. Nothing was deployed. "
        "To take something back, revert it in a new commit, or deploy by hand without --forward-only."
    )
