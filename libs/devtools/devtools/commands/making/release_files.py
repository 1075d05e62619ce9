"""Write the files of a release."""

from pathlib import Path
from typing import Annotated

import typer

from devtools.supply_chain import release_files
from stagectl.checkout import Checkout
from stagectl.commands.options import AsJson
from stagectl.terminal import console, json_document


def write_files(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder for the files; it is created.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Write what a release carries, and print its version, which is the newest of `CHANGELOG.md`.

    That is its notes, a bill of materials in CycloneDX for each service and for Node, and checksums;
    in this repository also the template for new products, as a git bundle.

    For example:

        stagectl release-files release
    """
    version = release_files.write(Checkout.of_this_file(), folder.resolve())
    console.result(json_document.text({"version": version}) if as_json else version)
