import json
from pathlib import Path
from typing import Any

import pytest

from stagectl.checklist.changes import lines
from stagectl.checkout import Checkout
from stagectl.checkout.services import Stack
from stagectl.errors import StagectlError

from ..fakes.git import git, repository

EVENT: dict[str, Any] = {
    "type": "object",
    "properties": {"orderId": {"type": "string"}},
    "required": ["orderId"],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A service at the commit `deployed`."""
    repository(tmp_path, "main")
    made = tmp_path / "services" / "orders"
    (made / "events").mkdir(parents=True)
    (made / "migrations").mkdir()
    write(made, "events/order_placed.schema.json", json.dumps(EVENT))
    write(made, "requirements.txt", "boto3==1.0 \\\n    --hash=sha256:aa\n")
    write(made, "serverless.yml", "service: orders\n")
    commit(tmp_path, "deployed")
    git(tmp_path, "tag", "deployed")
    return made


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, "utf-8")


def commit(root: Path, message: str) -> None:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", message)


def report(folder: Path, since: str = "deployed") -> dict[str, list[str]]:
    """Return the items of the report by the titles of its sections."""
    stacks = {"orders": Stack("orders", folder)}
    sections: dict[str, list[str]] = {}
    title = ""
    for line in lines(Checkout(folder.parents[1]), stacks, since):
        if line.startswith("### "):
            title = line.removeprefix("### ")
            sections[title] = []
        elif line.startswith("- "):
            sections[title].append(line.removeprefix("- "))
    return sections


def test_nothing_changed_where_nothing_was_committed(folder: Path) -> None:
    assert set(map(tuple, report(folder).values())) == {()}


def test_commits_are_listed_as_text_whatever_they_say(folder: Path) -> None:
    write(folder, "README.md", "text")
    commit(folder.parents[1], "feat: `<script>` \x1b[31m")
    [listed] = report(folder)["1 commits"]
    assert listed.endswith(" feat: '<script>' \\x1b[31m`")


def test_what_breaks_consumers_has_a_section_of_its_own(folder: Path) -> None:
    changed = EVENT | {"properties": {"note": {"type": "string"}}, "required": []}
    write(folder, "events/order_placed.schema.json", json.dumps(changed))
    sections = report(folder)
    assert "`orders: order_placed: removed orderId`" in sections["Breaking changes of APIs and events"]
    assert sections["Other changes of APIs and events"] == ["`orders: order_placed: added note`"]


def test_packages_permissions_and_migrations_are_listed(folder: Path) -> None:
    write(folder, "requirements.txt", "boto3==2.0 \\\n    --hash=sha256:bb\n")
    write(folder, "serverless.yml", "service: orders\nrole:\n  - Action: dynamodb:GetItem\n")
    write(folder, "migrations/0001_first.py", "")
    commit(folder.parents[1], "everything")
    sections = report(folder)
    assert sections["Packages"] == ["`orders -boto3==1.0`", "`orders +boto3==2.0`"]
    assert sections["Permissions"] == ["`services/orders/serverless.yml: + - Action: dynamodb:GetItem`"]
    assert [one.split()[0] for one in sections["Migrations"]] == ["`services/orders/migrations/0001_first.py"]


def test_a_commit_that_git_does_not_know_ends_with_the_way_out(folder: Path) -> None:
    with pytest.raises(StagectlError, match="git fetch --unshallow"):
        report(folder, "0" * 40)
