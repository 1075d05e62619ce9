"""The text of JSON Schemas."""

import json
from collections.abc import Mapping
from typing import Any


def without_titles(schema: Any) -> Any:
    """Drop what pydantic adds for readers of Python."""
    if isinstance(schema, list):
        return [without_titles(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: _by_name(value) if name in {"properties", "$defs"} else without_titles(value)
        for name, value in schema.items()
        if name not in {"title", "default"}
    }


def as_text(document: Mapping[str, Any]) -> str:
    """Return the text of a generated file."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _by_name(schemas: Mapping[str, Any]) -> dict[str, Any]:
    return {name: without_titles(schema) for name, schema in schemas.items()}
