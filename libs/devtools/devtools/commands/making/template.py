"""Make the template for new products."""

from pathlib import Path
from typing import Annotated

import typer

from stagectl.checkout import Checkout
from stagectl.commands.options import AsJson
from stagectl.terminal import console, json_document


def make_template(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="A new folder, or one that this command wrote before."),
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Write the copier template of this commit, from which a product with another name starts.

    DIR becomes a git repository, with a commit and a tag for each version. Products that were made from it
    get later versions by `copier update`. When nothing changed, nothing is written.

    For example:

        stagectl template ../product-template

        copier copy ../product-template ../tiny-cinema
    """
    from devtools.template import making  # noqa: PLC0415 - only for this command

    version = making.make(Checkout.of_this_file(), folder)
    if as_json:
        console.result(json_document.text({"folder": folder, "newVersion": version}))
    else:
        console.result(f"{folder}: {f'version {version}' if version else 'unchanged'}")
    if version:
        console.say(f"Start a product:  .venv/bin/copier copy {folder} ../NAME")
