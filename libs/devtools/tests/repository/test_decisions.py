"""The decision log: each record has its form, and the index lists every record."""

import re
from collections import Counter
from pathlib import Path

import pytest

from .conftest import ROOT

FOLDER = ROOT / "docs" / "decisions"
RECORDS = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
HEAD = re.compile(
    r"# (?P<number>\d{4})\. (?P<title>.+)\n\n"
    r"- Date: \d{4}-\d{2}-\d{2}\n"
    r"- Status: (?:accepted|superseded by \[\d{4}\]\((?P<successor>\d{4}-[a-z0-9-]+\.md)\))\n\n"
)


def head(record: Path) -> re.Match[str]:
    found = HEAD.match(record.read_text(encoding="utf-8"))
    assert found, f"{record.name} must begin with its title, date and status, as its neighbours do."
    return found


def index_line(record: Path) -> str:
    found = head(record)
    suffix = " (superseded)" if found["successor"] else ""
    return f"- [{found['number']}]({record.name}) {found['title']}{suffix}"


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.stem)
def test_a_record_is_named_after_its_number_and_says_what_was_decided(record: Path) -> None:
    assert re.fullmatch(head(record)["number"] + r"-[a-z0-9]+(-[a-z0-9]+)*\.md", record.name)
    assert "\n## Decision\n" in record.read_text(encoding="utf-8")


def test_no_two_records_have_one_number() -> None:
    numbers = Counter(record.name[:4] for record in RECORDS)

    assert [number for number, count in numbers.items() if count > 1] == []


def test_the_index_lists_every_record_once() -> None:
    listed = re.findall(r"^- \[\d{4}\].*$", (FOLDER / "README.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(listed) == [index_line(record) for record in RECORDS]
