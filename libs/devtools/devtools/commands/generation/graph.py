"""Print a graph of what compiled templates connect."""

from enum import StrEnum
from typing import Annotated

import typer

from stagectl import execution_policy
from stagectl.checkout import Checkout
from stagectl.commands import completion
from stagectl.commands.options import AsJson
from stagectl.errors import UsageError
from stagectl.terminal import console, hints, json_document


class Format(StrEnum):
    """How a graph is printed."""

    MERMAID = "mermaid"
    SVG = "svg"


def graph(
    *,
    service: Annotated[
        str | None,
        typer.Argument(
            metavar="[SERVICE]",
            autocompletion=completion.service_names,
            help="One service with its functions and tables.",
        ),
    ] = None,
    output_format: Annotated[
        Format, typer.Option("--format", help="SVG is drawn by Mermaid in a browser.")
    ] = Format.MERMAID,
    as_json: AsJson = False,
) -> None:
    """Print what compiled templates connect: between all services, or in one of them.

    The templates are those of `prod`. All graphs: `docs/graph.md`.

    For example:

        stagectl graph

        stagectl graph orders --json
    """
    from devtools.contracts import graph as graphs  # noqa: PLC0415 - brings pydantic
    from devtools.contracts.overviews import STAGE  # noqa: PLC0415

    checkout = Checkout.of_this_file()
    templates = {one.stack: one.document for one in execution_policy.compile_all(checkout, STAGE)}
    if service is None:
        drawn = graphs.of_all(checkout.root, templates, STAGE)
    elif service in templates:
        drawn = graphs.of_service(service, templates[service], STAGE)
    else:
        raise UsageError(hints.unknown("service", service, sorted(templates)))
    text = graphs.mermaid(drawn)
    if as_json:
        text = json_document.text(graphs.document(drawn))
    elif output_format is Format.SVG:
        from devtools.contracts.graph import picture  # noqa: PLC0415 - brings Playwright
        from devtools.site.building import MERMAID  # noqa: PLC0415
        from devtools.testing import browser  # noqa: PLC0415

        text = picture.svg(text, browser.ensure(checkout), checkout.root / MERMAID)
    console.result(text.rstrip())
