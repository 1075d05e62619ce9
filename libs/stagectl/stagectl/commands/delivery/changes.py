"""Show what changed since a commit."""

from typing import Annotated

import typer

from stagectl.checklist import changes as report
from stagectl.checkout import Checkout, services
from stagectl.terminal import console


def changes(
    commit: Annotated[str, typer.Argument(metavar="COMMIT", help="Commit that is deployed, such as a tag.")],
) -> None:
    """Print what changed between a commit and this checkout, as Markdown for who approves a release.

    Lists commits, changes of APIs and events and whether they break clients or consumers, packages, templates
    and permissions, and migrations. Needs no AWS account. For what a stage would get: stagectl diff.

    For example:

        stagectl changes origin/main

        stagectl changes 1a2b3c4 >> "$GITHUB_STEP_SUMMARY"
    """
    checkout = Checkout.here()
    for line in report.lines(checkout, services.discover(checkout.root), commit):
        console.result(line)
