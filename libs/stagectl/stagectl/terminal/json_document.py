"""Results as JSON documents: one spelling of members, one form of times."""

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any


def text(value: Any) -> str:
    """Return a result as indented JSON.

    Members are spelled in camel case, like those of the product's own APIs: the fields of dataclasses become
    `updatedAt`. Keys of mappings stay as they are, since they are names of stacks, tags or parameters. Times
    are in UTC. Characters beyond ASCII are escaped, so that what others wrote cannot steer a terminal.

    Args:
        value: Dataclasses, mappings, collections, times, enumerations, paths, and what JSON has itself.
    """
    return json.dumps(_plain(value), indent=2)


def shown_time(moment: datetime) -> str:
    """Return a time as people read it in every list of stagectl: `2026-11-28 01:05 UTC`."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _plain(value: Any) -> Any:
    plain = value
    match value:
        case Enum():
            plain = value.value
        case datetime():
            plain = value.astimezone(UTC).isoformat(timespec="seconds")
        case Path():
            plain = str(value)
        case Mapping():
            plain = {str(name): _plain(item) for name, item in value.items()}
        case AbstractSet():
            plain = sorted(_plain(item) for item in value)
        case list() | tuple():
            plain = [_plain(item) for item in value]
        case _ if is_dataclass(value):
            plain = {_camel_case(field.name): _plain(getattr(value, field.name)) for field in fields(value)}
    return plain


def _camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))
