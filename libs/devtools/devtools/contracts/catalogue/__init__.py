"""The catalogue of events and the plan of what is tracked: `docs/events.md`, and the same as JSON.

Events come from the schemas of their producers, consumers and retention from the compiled templates of
production, metrics from service-levels.yml, and log fields from `log_fields.yml`.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from devtools.contracts.catalogue import events, log_fields, metrics, page, places

PAGE = Path("docs") / "events.md"
DATA = Path("docs") / "events.json"
Templates = Mapping[str, Mapping[str, Any]]


def catalogue(root: Path, templates: Templates) -> dict[str, Any]:
    """Return the catalogue as a document.

    Args:
        root: Root of the checkout.
        templates: The compiled templates of production, by the names of their stacks.
    """
    return {
        "events": events.of_bus(root, templates),
        "topics": events.of_topics(root, templates),
        "metrics": metrics.declared(root),
        "logFields": log_fields.declared(),
        "loggedMembers": log_fields.shown_of_events(root),
        "stores": places.stores(templates),
    }


def files(root: Path, templates: Templates) -> dict[Path, str]:
    """Return the text that each of the two files should hold."""
    document = catalogue(root, templates)
    return {
        root / PAGE: page.markdown(document),
        root / DATA: json.dumps(document, indent=2, ensure_ascii=False) + "\n",
    }
