"""Print the name of a branch's preview stage."""

from typing import Annotated

import typer

from stagectl.commands.options import AsJson
from stagectl.targets import preview_branches, preview_name
from stagectl.terminal import console, json_document


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
    as_json: AsJson = False,
) -> None:
    """Print the name of a branch's preview stage.

    In patterns, `*` matches anything without a slash and `**` matches anything. A later pattern that begins
    with `!` excludes.

    For example:

        stagectl stage-name feature/new-menu

        stagectl stage-name --only "release/* demo" release/2
    """
    is_wanted = only is None or preview_branches.fits(branch, only)
    is_wanted = is_wanted and not preview_branches.fits(branch, but or "")
    stage = preview_name.of_branch(branch) if is_wanted else None
    if as_json:
        console.result(json_document.text({"branch": branch, "stage": stage}))
    elif stage:
        console.result(stage)
