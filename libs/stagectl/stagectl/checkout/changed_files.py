"""Which files make a stack differ from a commit."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from stagectl.checkout import Checkout
from stagectl.checkout.services import Stack
from stagectl.errors import UsageError
from stagectl.system.child_process import Children

IN_EVERY_STACK = (
    Path("libs/service_kit"),
    Path("libs/serverless_plugins"),
    Path("shared-infra"),
    Path("package-lock.json"),
)
"""What goes into what every stack deploys, or packages it."""

OF_NO_STAGE = Path("shared-infra/account")
"""What belongs to the account, and goes into no stack of a stage."""


def by_stack(checkout: Checkout, stacks: Mapping[str, Stack], since: str) -> dict[str, tuple[str, ...]]:
    """Return the files, relative to the root, by which each stack differs from a commit.

    Args:
        checkout: The checkout, with the history that leads to the commit.
        stacks: The stacks by name.
        since: A revision of git, such as `origin/main`. Its commits after the branching point do not
        count.

    Raises:
        UsageError: git does not know the commit.
    """
    commands = [
        ["git", "diff", "--name-only", "-z", "--merge-base", "--end-of-options", since, "--"],
        # Untracked files are deployed too.
        ["git", "ls-files", "--others", "--exclude-standard", "-z"],
    ]
    changed: list[Path] = []
    for command in commands:
        completed = Children().run(command, cwd=checkout.root)
        if completed.exit_code:
            raise UsageError(f"git cannot compare with {since}: {completed.output.strip()}")
        changed += [Path(name) for name in completed.output.split("\0") if name]
    folders = {name: stack.folder.relative_to(checkout.root) for name, stack in stacks.items()}
    shared = list(IN_EVERY_STACK)
    if checkout.is_adopter:
        # What is in no service may be in each.
        shared = [path for path in changed if not any(map(path.is_relative_to, folders.values()))]
    return {name: _those_in(folder, shared, changed) for name, folder in folders.items()}


def _those_in(folder: Path, shared: Sequence[Path], changed: Sequence[Path]) -> tuple[str, ...]:
    """Return the changed files of a stack, those in its own folder first."""
    roots = [folder, *(root for root in shared if root != folder)]
    return tuple(
        str(path)
        for root in roots
        for path in changed
        if path.is_relative_to(root) and not path.is_relative_to(OF_NO_STAGE)
    )
