"""Print the name of a branch's preview stage."""

from typing import Annotated

import typer

from stagectl.targets import preview_branches, preview_name
from stagectl.terminal import console


def name_stage(
    branch: Annotated[str, typer.Argument(help="Name of the branch in git.")],
    *,
    only: Annotated[
        str | None,
        typer.Option(
            "--only", metavar="PATTERNS", help="Print nothing unless one of these matches the branch."
        ),
    ] = None,
    but: Annotated[
        str | None,
        typer.Option(
            "--except", metavar="PATTERNS", help="Print nothing when one of these matches the branch."
        ),
    ] = None,
) -> None:
    """Print the name of a branch's preview stage.

    In patterns, `*` matches anything without a slash and `**` matches anything. A later pattern that begins
    with `!` excludes.

    For example:

        stagectl stage-name feature/new-menu

        stagectl stage-name --only "release/* demo" release/2
    """
    is_wanted = only is None or preview_branches.fits(branch, only)
    if is_wanted and not preview_branches.fits(branch, but or ""):
        console.result(preview_name.of_branch(branch))
