import json
from pathlib import Path
from typing import Any

import pytest

from stagectl.checklist import tested
from stagectl.errors import StagectlError, UsageError

COMMIT = "c0ffee"
PACKAGES = {"orders": "hash-of-orders"}
RECORD: dict[str, Any] = {
    "stage": "staging",
    "result": "released",
    "commit": COMMIT,
    "steps": {"tests": "done: 1 commands passed"},
    "artifacts": {"orders": "hash-of-orders", "auth": "hash-of-auth"},
}


def check(tmp_path: Path, **members: Any) -> str:
    path = tmp_path / "record.json"
    path.write_text(json.dumps(RECORD | members), "utf-8")
    return tested.check(path, COMMIT, PACKAGES)


def test_the_record_of_a_tested_release_of_the_same_packages_is_accepted(tmp_path: Path) -> None:
    assert check(tmp_path) == "stage staging tested commit c0ffee, byte for byte"


@pytest.mark.parametrize(
    ("members", "fault"),
    [
        ({"result": "failed"}, "its result is failed"),
        ({"commit": "older"}, "its commit is older"),
        ({"steps": {"tests": "skipped"}}, "its tests were skipped"),
        ({"steps": {}}, "its tests were not run"),
        ({"artifacts": {"orders": "other"}}, "its packages differ: orders"),
        ({"artifacts": {}}, "its packages differ: orders"),
    ],
)
def test_any_other_record_is_refused_with_the_reason(
    tmp_path: Path, members: dict[str, Any], fault: str
) -> None:
    with pytest.raises(StagectlError, match=fault):
        check(tmp_path, **members)


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"stage": "staging"}'])
def test_what_is_no_record_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "record.json"
    path.write_text(text, "utf-8")
    with pytest.raises(UsageError, match=r"record\.json is no record of a release"):
        tested.check(path, COMMIT, PACKAGES)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"missing\.json is no record of a release"):
        tested.check(tmp_path / "missing.json", COMMIT, PACKAGES)
