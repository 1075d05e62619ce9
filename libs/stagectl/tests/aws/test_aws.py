"""Listings of AWS are read to their end."""

import ast
from pathlib import Path
from typing import Any

import pytest

import stagectl
from stagectl import aws
from stagectl.preview_life import inventory

SOURCES = sorted(Path(stagectl.__file__).parent.rglob("*.py"))


@pytest.mark.parametrize("answered", ["NextToken", "NextNextToken"])
def test_a_listing_is_asked_until_nothing_follows(answered: str) -> None:
    asked = []

    def listing(**arguments: Any) -> dict[str, Any]:
        asked.append(arguments)
        following = {answered: str(len(asked))} if len(asked) < 3 else {}
        return {"Names": [len(asked)], **following}

    found = [name for page in aws.pages(listing, Role="r") for name in page["Names"]]

    assert found == [1, 2, 3]
    assert asked == [{"Role": "r"}, {"Role": "r", "NextToken": "1"}, {"Role": "r", "NextToken": "2"}]


class Paged:
    """A client whose listings have two pages with one entry each."""

    def __getattr__(self, operation: str) -> Any:
        kinds = {
            "list_buckets": ("Buckets", "Name", "ContinuationToken"),
            "list_event_buses": ("EventBuses", "Name", "NextToken"),
            "list_archives": ("Archives", "ArchiveName", "NextToken"),
        }
        entries, name, token = kinds[operation]

        def listing(**arguments: str) -> dict[str, Any]:
            if arguments == {token: "more"}:
                return {entries: [{name: "second"}]}
            assert not arguments
            return {entries: [{name: "first"}], token: "more"}

        return listing

    def client(self, _: str) -> "Paged":
        return self


@pytest.mark.parametrize("kind", ["AWS::S3::Bucket", "AWS::Events::EventBus", "AWS::Events::Archive"])
def test_an_inventory_has_what_is_on_the_second_page(kind: str) -> None:
    session: Any = Paged()

    assert list(inventory.KINDS[kind](session)) == ["first", "second"]


def test_no_listing_is_called_for_its_first_page_alone() -> None:
    called = [
        f"{path.name}: {node.func.attr}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr.startswith(("list_", "get_rest_apis", "get_resources", "describe_alarms"))
    ]

    assert called == []
