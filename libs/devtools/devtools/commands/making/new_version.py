"""Prepare a release of this repository."""

from typing import Annotated

import typer

from devtools.supply_chain import changelog
from stagectl.checkout import Checkout
from stagectl.commands.options import AsJson
from stagectl.terminal import console, json_document


def make_version(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print the version and its notes.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write the changelog and the version that the commits since the last release call for.

    A breaking change or a feature makes a minor version, a fix or more speed a patch. Commit the files in a
    pull request. When `CHANGELOG.md` changes on `main`, the workflow `release` publishes its newest version.

    For example:

        npm run release -- --dry-run

        npm run release
    """
    checkout = Checkout.of_this_file()
    version = changelog.following(checkout)
    if as_json:
        document = {"version": version and version.number, "notes": version and version.notes}
        console.result(json_document.text(document))
    if version is None:
        console.say("Nothing to release: no feature, fix or breaking change since the last tag.")
        return
    if not as_json:
        console.result(f"{version.number}\n\n{version.notes}")
    if dry_run:
        return
    changelog.write(checkout, version)
    console.say(
        f"\nWritten: {changelog.CHANGELOG}, package.json, package-lock.json and pyproject.toml. "
        f"Commit them as `chore: release {version.number}` in a pull request."
    )
