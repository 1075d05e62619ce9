"""Builds the adapters, once and lazily; the only place that knows both them and the settings.

Each is imported by the function that builds it, so that no Lambda loads what only another one uses.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from service_kit.settings import load_settings
from web.settings import AssetSettings

if TYPE_CHECKING:
    from jinja2 import Template

    from web.adapters.asset_bucket import AssetBucket
    from web.adapters.asset_files import AssetFiles
    from web.adapters.landing_page import LandingPage

ASSETS = Path(__file__).parent / "assets"
"""The folder of the pages' files."""

DOCS_FILES = Path(__file__).parent / "docs_files.json"


@cache
def landing_page() -> LandingPage:
    """Return the page for customers."""
    from web.adapters.landing_page import LandingPage

    return LandingPage()


@cache
def restaurant_page() -> Template:
    """Return the page for a restaurant's staff."""
    from web.page_templates import find_template

    return find_template("restaurant.html")


@cache
def docs_page() -> Template:
    """Return the page that describes the APIs."""
    from web.page_templates import find_template

    return find_template("docs.html")


@cache
def docs_files() -> dict[str, str]:
    """Return the names with hashes of that page's files, which packaging writes, by those without."""
    names: dict[str, str] = json.loads(DOCS_FILES.read_text(encoding="utf-8"))
    return names


@cache
def assets() -> AssetFiles:
    """Return the files that the package brings for the pages."""
    from web.adapters.asset_files import AssetFiles

    return AssetFiles(ASSETS)


@cache
def asset_bucket() -> AssetBucket:
    """Return the files of releases that were replaced within the last day."""
    from web.adapters.asset_bucket import AssetBucket

    return AssetBucket(load_settings(AssetSettings).assets_bucket_name)
