"""What is archived of events, and under which names.

An object has the events of one type and hour out of one batch, a line for each. Its name follows from the
events' ids, so the same batch is written to the same object again. A batch that is delivered again with other
events beside makes another object: readers recognise an event by its id.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


class UnknownEventError(Exception):
    """An event of a type whose fields are not known, so that it may hold personal data."""


@dataclass(frozen=True)
class ArchivedEvent:
    """What the archive keeps of an event.

    Attributes:
        id: EventBridge's id of the event, the same at every delivery.
        detail_type: What happened.
        time: When it happened.
        source: Who published it.
        detail: Its fields that hold no personal data.
        withheld: Names of its other fields.
    """

    id: str
    detail_type: str
    time: datetime
    source: str
    detail: Mapping[str, Any]
    withheld: tuple[str, ...]

    @property
    def line(self) -> str:
        """The event as a line of JSON."""
        document = {
            "id": self.id,
            "time": self.time.astimezone(UTC).isoformat(),
            "detailType": self.detail_type,
            "source": self.source,
            "schemaVersion": self.detail.get("metadata", {}).get("schemaVersion"),
            "detail": self.detail,
            "withheld": self.withheld,
        }
        return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class ArchiveObject:
    """An object of the archive: its key, its text, and the ids of its events."""

    key: str
    text: str
    ids: frozenset[str]


def archived(
    *,
    id: str,  # noqa: A002, as EventBridge calls it
    detail_type: str,
    time: datetime,
    source: str,
    detail: Mapping[str, Any],
    fields: Mapping[str, Any],
) -> ArchivedEvent:
    """Return what is archived of an event.

    Args:
        id: EventBridge's id of the event.
        detail_type: What happened.
        time: When it happened.
        source: Who published it.
        detail: What the producer says of it.
        fields: The fields that are archived of each type: true, or those of the object in the field.

    Raises:
        UnknownEventError: The type is not among them.
    """
    if detail_type not in fields:
        raise UnknownEventError
    kept, withheld = _split(detail, fields[detail_type])
    return ArchivedEvent(id, detail_type, time, source, kept, tuple(sorted(withheld)))


def objects(happened: Iterable[ArchivedEvent]) -> list[ArchiveObject]:
    """Return the objects that events are written as."""
    groups: defaultdict[str, dict[str, ArchivedEvent]] = defaultdict(dict)
    for event in happened:
        at = event.time.astimezone(UTC)
        groups[f"events/{event.detail_type}/dt={at:%Y-%m-%d}/{at:%H}"][event.id] = event
    return [_object(folder, of_hour) for folder, of_hour in groups.items()]


def _object(folder: str, happened: Mapping[str, ArchivedEvent]) -> ArchiveObject:
    in_order = sorted(happened.values(), key=lambda event: (event.time, event.id))
    digest = hashlib.sha256("\n".join(sorted(happened)).encode()).hexdigest()[:32]
    text = "".join(f"{event.line}\n" for event in in_order)
    return ArchiveObject(f"{folder}/{digest}.jsonl", text, frozenset(happened))


def _split(detail: Mapping[str, Any], fields: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return the part of a document that is archived, and the names of what is not."""
    kept: dict[str, Any] = {}
    withheld: list[str] = []
    for name, value in detail.items():
        allowed = fields.get(name)
        if isinstance(allowed, Mapping) and isinstance(value, Mapping):
            kept[name], deeper = _split(value, allowed)
            withheld += [f"{name}.{one}" for one in deeper]
        elif allowed is True and not isinstance(value, Mapping | list):
            kept[name] = value
        else:
            withheld.append(name)
    return kept, withheld
