"""Write the files of a release."""

from pathlib import Path
from typing import Annotated

import typer

from devtools.supply_chain import release_files
from stagectl.checkout import Checkout
from stagectl.terminal import console


def write_files(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder for the files; it is created.")],
) -> None:
    """Write what a release carries, and print its version, which is the newest of `CHANGELOG.md`.

    That is its notes, a bill of materials in CycloneDX for each service and for Node, and checksums;
    in this repository also the template for new products, as a git bundle.

    For example:

        stagectl release-files release
    """
    console.result(release_files.write(Checkout.of_this_file(), folder.resolve()))
