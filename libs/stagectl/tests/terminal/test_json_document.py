"""Results as JSON documents."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from pathlib import Path

from stagectl.terminal import json_document


class _Color(Enum):
    RED = "red"


@dataclass
class _Part:
    updated_at: datetime
    tags: dict[str, str] = field(default_factory=dict)


NOON = datetime(2026, 1, 31, 14, 0, tzinfo=timezone(timedelta(hours=2)))


def test_fields_are_spelled_in_camel_case_and_times_are_in_utc() -> None:
    document = json.loads(json_document.text([_Part(NOON)]))

    assert document == [{"updatedAt": "2026-01-31T12:00:00+00:00", "tags": {}}]


def test_names_that_are_keys_stay_as_they_are() -> None:
    document = json.loads(json_document.text({"orders": _Part(NOON, {"pull_request": "5"})}))

    assert document["orders"]["tags"] == {"pull_request": "5"}


def test_sets_enumerations_and_paths_become_what_json_has() -> None:
    assert json.loads(json_document.text([{"b", "a"}, _Color.RED, Path("a/b"), None, 1.5, True])) == [
        ["a", "b"],
        "red",
        "a/b",
        None,
        1.5,
        True,
    ]


def test_lists_show_times_in_utc() -> None:
    assert json_document.shown_time(NOON) == "2026-01-31 12:00 UTC"
    assert json_document.shown_time(datetime(2026, 1, 31, tzinfo=UTC)) == "2026-01-31 00:00 UTC"
