"""Builds the adapters, once and lazily; the only place that knows both them and the settings.

Each is imported by the function that builds it, so that no Lambda loads what only another one uses.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from service_kit.settings import load_settings
from web.settings import AcceptanceSettings, AssetSettings, BusSettings

if TYPE_CHECKING:
    from jinja2 import Template

    from web.adapters.acceptance_table import AcceptanceTable
    from web.adapters.asset_bucket import AssetBucket
    from web.adapters.asset_files import AssetFiles
    from web.adapters.event_bus import EventBus
    from web.adapters.landing_page import LandingPage
    from web.adapters.legal_files import LegalFiles

ASSETS = Path(__file__).parent / "assets"
"""The folder of the pages' files."""

DOCS_FILES = Path(__file__).parent / "docs_files.json"

LEGAL_DOCUMENTS = Path(__file__).parent / "legal.json"
"""The rendered legal documents."""


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


def legal_page() -> Template:
    """Return the page of a legal document."""
    from web.page_templates import find_template

    return find_template("legal.html")


@cache
def legal_documents() -> LegalFiles:
    """Return the legal documents."""
    from web.adapters.legal_files import LegalFiles

    return LegalFiles(LEGAL_DOCUMENTS)


@cache
def acceptances() -> AcceptanceTable:
    """Return what customers have accepted."""
    from web.adapters.acceptance_table import AcceptanceTable

    return AcceptanceTable(load_settings(AcceptanceSettings).acceptances_table_name)


@cache
def event_bus() -> EventBus:
    """Return the stage's bus."""
    from web.adapters.event_bus import EventBus

    settings = load_settings(BusSettings)
    return EventBus(settings.event_bus_name, source=settings.event_source)


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
