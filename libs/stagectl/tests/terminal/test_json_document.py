"""Results as JSON documents."""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from pathlib import Path

import pytest

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

    assert document == [{"updatedAt": "2026-01-31T12:00:00Z", "tags": {}}]


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


EAST = datetime(2026, 11, 28, 1, 5, 9, 250_000, tzinfo=timezone(timedelta(hours=-5)))


def test_times_are_in_utc_and_say_so() -> None:
    assert json_document.iso_time(EAST) == "2026-11-28T06:05:09Z"
    assert json_document.shown_time(EAST) == "2026-11-28 06:05 UTC"
    assert json_document.shown_time(EAST, timespec="seconds") == "2026-11-28 06:05:09 UTC"
    assert json_document.shown_clock(EAST, timespec="milliseconds") == "06:05:09.250Z"


def test_no_other_module_formats_a_time_of_day_without_its_zone() -> None:
    libraries = Path(__file__).parents[3]
    wrong = [
        f"{path.relative_to(libraries)}: {found}"
        for library in ("stagectl/stagectl", "devtools/devtools")
        for path in (libraries / library).rglob("*.py")
        for found in re.findall(r"%H:%M(?::%S)?(?!:|Z)", path.read_text(encoding="utf-8"))
    ]

    assert wrong == []


def test_lines_are_printed_as_they_are_or_as_a_list(capsys: pytest.CaptureFixture[str]) -> None:
    json_document.show_lines(["a", "b"], as_json=False)
    assert capsys.readouterr().out == "a\nb\n"

    json_document.show_lines(["a", "b"], as_json=True)
    assert json.loads(capsys.readouterr().out) == ["a", "b"]
