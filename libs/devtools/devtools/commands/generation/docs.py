"""Build the documentation as a site."""

from typing import Annotated

import typer

from stagectl.checkout import Checkout
from stagectl.terminal import console


def docs(
    *,
    serve: Annotated[
        bool, typer.Option("--serve", help="Serve it, and render again what changes, until Ctrl-C.")
    ] = False,
    address: Annotated[
        str, typer.Option("--address", metavar="HOST:PORT", help="Where --serve listens.")
    ] = "127.0.0.1:8000",
    repository: Annotated[
        str,
        typer.Option(
            "--repository",
            metavar="URL",
            envvar="BIGMOUTH_REPOSITORY",
            help="The repository that links to sources lead to.",
        ),
    ] = "https://github.com/my-org/big-mouth",
) -> None:
    """Build the documentation as a site, in `.bigmouth/docs/site`.

    Its pages are the READMEs, `docs/`, and a reference made from the code. Exits with 1 when a link or an
    anchor leads nowhere. The site loads nothing from other hosts.

    For example:

        stagectl docs

        stagectl docs --serve
    """
    from devtools import site  # noqa: PLC0415 - brings griffe

    checkout = Checkout.of_this_file()
    if serve:
        site.serve(checkout, repository, address)
    else:
        console.result(checkout.shown(site.build(checkout, repository) / "index.html"))
