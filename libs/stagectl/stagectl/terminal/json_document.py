"""Results as JSON documents: one spelling of members, one form of times."""

import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from stagectl.terminal import console


def text(value: Any) -> str:
    """Return a result as indented JSON.

    Members are spelled in camel case, like those of the product's own APIs: the fields of dataclasses become
    `updatedAt`. Keys of mappings stay as they are, since they are names of stacks, tags or parameters. Times
    are in UTC. Characters beyond ASCII are escaped, so that what others wrote cannot steer a terminal.

    Args:
        value: Dataclasses, mappings, collections, times, enumerations, paths, and what JSON has itself.
    """
    return json.dumps(_plain(value), indent=2)


def show_lines(lines: Sequence[str], *, as_json: bool) -> None:
    """Print a result of lines, such as paths, as they are or as a JSON list."""
    for line in [text(lines)] if as_json else lines:
        console.result(line)


def iso_time(moment: datetime, *, timespec: str = "seconds") -> str:
    """Return a time as it is in documents: `2026-11-28T01:05:09Z`."""
    return f"{_in_utc(moment).isoformat(timespec=timespec)}Z"


def shown_time(moment: datetime, *, timespec: str = "minutes") -> str:
    """Return a time as people read it, as exact as `timespec` says: `2026-11-28 01:05 UTC`."""
    return f"{_in_utc(moment).isoformat(' ', timespec)} UTC"


def shown_clock(moment: datetime, *, timespec: str = "seconds") -> str:
    """Return the time of day as it begins a line: `01:05:09Z`."""
    return f"{_in_utc(moment).time().isoformat(timespec)}Z"


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _plain(value: Any) -> Any:
    plain = value
    match value:
        case Enum():
            plain = value.value
        case datetime():
            plain = iso_time(value)
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
