"""Overviews from the compiled templates of all stacks, such as the catalogue of events and the dashboards."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from devtools.contracts import catalogue, dashboards, graph
from devtools.growth import page as growth  # only-with-example-services
from stagectl import execution_policy
from stagectl.checkout import Checkout

STAGE = "prod"
PATHS = (
    dashboards.PICTURE,
    catalogue.PAGE,
    catalogue.DATA,
    graph.PAGE,
    growth.PAGE,  # only-with-example-services
)


def files(root: Path, templates: Mapping[str, Mapping[str, Any]]) -> dict[Path, str]:
    """Return the text that each file should hold.

    Args:
        root: Root of the checkout.
        templates: The compiled templates of production, by the names of their stacks.
    """
    return {
        root / dashboards.PICTURE: dashboards.draw(templates),
        root / graph.PAGE: graph.page(root, templates, STAGE),
        root / growth.PAGE: growth.of(root, templates),  # only-with-example-services
        **catalogue.files(root, templates),
    }


def outdated(root: Path, templates: Mapping[str, Mapping[str, Any]]) -> list[Path]:
    """Return the files that are out of date."""
    return [
        path
        for path, text in files(root, templates).items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]


def write(checkout: Checkout) -> list[Path]:
    """Compile all stacks for production, write the files that are out of date, and return them.

    Raises:
        StagectlError: A stack was not compiled.
    """
    templates = {one.stack: one.document for one in execution_policy.compile_all(checkout, STAGE)}
    changed, texts = outdated(checkout.root, templates), files(checkout.root, templates)
    for path in changed:
        path.write_text(texts[path], encoding="utf-8")
    return changed
