"""The pages of a product that started without the example services."""

import posixpath
import re
from collections.abc import Mapping
from pathlib import PurePosixPath

import pytest

from devtools.template import examples, generated

from .conftest import CHECKOUT

ABOUT_THE_EXAMPLE = re.compile(
    r"\b(?:orders|restaurants?|notifications)\b|\b(?:place-order|order_\w+|ORDER_ID)\b|services/web",
    re.IGNORECASE,
)
# What follows from its own templates, examples in the reference of a library, and records, which are history.
MAY_NAME_IT = ("docs/events.md", "docs/graph.md", "libs/service_kit/README.md", "docs/decisions/")
LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)(?:#[^)]*)?\)")


@pytest.fixture(scope="module")
def pages() -> Mapping[str, str]:
    """The pages as such a product has them, and the paths of its other files, without content."""
    files = generated.files_of(CHECKOUT.root)
    return {path: file.content.decode() if path.endswith(".md") else "" for path, file in files.items()}


def test_they_do_not_speak_of_the_example(pages: Mapping[str, str]) -> None:
    lines = [
        f"{path}:{number}: {line}"
        for path, text in pages.items()
        if not path.startswith(MAY_NAME_IT)
        for number, line in enumerate(text.splitlines(), 1)
        if ABOUT_THE_EXAMPLE.search(line)
    ]

    assert lines == [], (
        f"Mark these lines with <!-- {examples.MARK_OF_LINES} -->, or write them for any product"
    )


def test_their_links_lead_somewhere(pages: Mapping[str, str]) -> None:
    places = {str(place) for path in pages for place in (PurePosixPath(path), *PurePosixPath(path).parents)}
    places.remove(".")

    broken = [
        f"{path}: {target}"
        for path, text in pages.items()
        if path not in MAY_NAME_IT
        for target in LINK.findall(text)
        if posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) not in places
    ]
    assert broken == []
