"""Builds the adapters, once and lazily; the only place that knows both them and the settings."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from events.settings import ArchiveSettings
from service_kit.settings import load_settings

if TYPE_CHECKING:
    from events.adapters.archive_bucket import ArchiveBucket

_FIELDS = Path(__file__).parent / "domain" / "archived_fields.json"


@cache
def archive() -> ArchiveBucket:
    """Return the bucket of the archive."""
    from events.adapters.archive_bucket import ArchiveBucket

    return ArchiveBucket(load_settings(ArchiveSettings).archive_bucket_name)


@cache
def archived_fields() -> dict[str, Any]:
    """Return the fields that are archived of each type of event; `stagectl generate` writes them."""
    fields: dict[str, Any] = json.loads(_FIELDS.read_text(encoding="utf-8"))
    return fields
