"""The landing page's template and the list API that it shows."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from service_kit.signed_http import get_json
from service_kit.snapshots import before_snapshot

TEMPLATES = Path(__file__).parent.parent / "templates"


def fetch_restaurants(service_url: str) -> list[dict[str, Any]]:
    """Ask the list API, signed by this function's own role, as any other service would.

    Raises:
        service_kit.signed_http.UpstreamError: it refused or could not answer.
    """
    restaurants: list[dict[str, Any]] = get_json(service_url, segments=("restaurants",))
    return restaurants


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)


def _template() -> Template:
    return _environment().get_template("index.html")


def render(**context: Any) -> str:
    """Give the page as HTML; everything in the context is escaped."""
    return _template().render(**context)


before_snapshot(_template)
