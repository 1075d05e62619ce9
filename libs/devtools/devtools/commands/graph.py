"""Print a graph of what compiled templates connect."""

from enum import StrEnum
from typing import Annotated

import typer

from stagectl import execution_policy
from stagectl.checkout import Checkout
from stagectl.errors import StagectlError
from stagectl.terminal import console, json_document


class Format(StrEnum):
    """How a graph is printed."""

    MERMAID = "mermaid"
    JSON = "json"
    SVG = "svg"


def graph(
    *,
    service: Annotated[
        str | None, typer.Argument(metavar="[SERVICE]", help="One service with its functions and tables.")
    ] = None,
    output_format: Annotated[
        Format, typer.Option("--format", help="SVG is drawn by Mermaid in a browser.")
    ] = Format.MERMAID,
) -> None:
    """Print what compiled templates connect: between all services, or in one of them.

    The templates are those of `prod`. All graphs: `docs/graph.md`.

    For example:

        stagectl graph

        stagectl graph orders --format json
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
        raise StagectlError(f"No service {service}. There are {', '.join(sorted(templates))}.")
    text = graphs.mermaid(drawn)
    match output_format:
        case Format.JSON:
            text = json_document.text(graphs.document(drawn))
        case Format.SVG:
            from devtools.contracts.graph import picture  # noqa: PLC0415 - brings Playwright
            from devtools.site.building import MERMAID  # noqa: PLC0415
            from devtools.testing import browser  # noqa: PLC0415

            text = picture.svg(text, browser.ensure(checkout), checkout.root / MERMAID)
    console.result(text.rstrip())
