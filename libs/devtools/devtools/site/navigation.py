"""The navigation of the site: sections, each filled from the folders that it names."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

_SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Start", ("README.md", "docs/tutorial.md", "CONTRIBUTING.md", "docs/architecture.md", "*.md")),
    ("How to", ("docs/howto/*.md",)),
    ("Decisions", ("docs/decisions/README.md", "docs/decisions/*.md")),
    ("Guides", ("docs/*.md",)),
    ("Services", ("services/*.md",)),
    ("Infrastructure", ("shared-infra/README.md", "shared-infra/*.md")),
    ("Libraries", ("libs/*.md",)),
    ("Tests", ("tests-e2e/README.md", "tests-e2e/*.md")),
    ("Reference", ("reference/*.md",)),
)
"""Title and patterns, whose `*` matches slashes too. A page is where it is matched first."""

_LAST = "Decisions"


def of(titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the navigation for pages with these titles, by their paths.

    Raises:
        ValueError: No section takes a page.
    """
    left = dict(titles)
    sections: dict[str, list[dict[str, str]]] = {}
    for section, patterns in _SECTIONS:
        entries = sections.setdefault(section, [])
        for pattern in patterns:
            # At the root only files of the root.
            taken = [
                path for path in left if fnmatchcase(path, pattern) and ("/" in pattern or "/" not in path)
            ]
            entries += [{left.pop(path): path} for path in sorted(taken)]
    if left:
        raise ValueError(f"No section of the navigation takes {', '.join(left)}")
    sections[_LAST] = sections.pop(_LAST)
    return [{section: entries} for section, entries in sections.items() if entries]
