"""What `stagectl config set` accepts, by the models of handlers."""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from stagectl.checkout.services import Stack
from stagectl.configuration import models
from stagectl.errors import UsageError

NOW = datetime.now(UTC)
SEARCH = "things/search-things"
HANDLERS = """
from typing import Annotated

from pydantic import BaseModel, Field

from service_kit.http import http_handler
from service_kit.parameters import FromParameter
from service_kit.parameters.flags import Flag


class LongPages(Flag):
    pass


class SearchConfig(BaseModel):
    default_results: int = Field(default=8, alias="defaultResults", ge=1)
    long_pages: LongPages = Field(default=LongPages(), alias="longPages")
    long_page_results: int = Field(default=24, alias="longPageResults", ge=1)


@http_handler()
def search(config: Annotated[SearchConfig, FromParameter("config")]) -> SearchConfig:
    return config


@http_handler()
def get() -> LongPages:
    return LongPages()
"""

Stacks = Mapping[str, Stack]


@pytest.fixture
def stacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stacks:
    """A service whose function `search-things` has a configuration, and `get-thing` has none."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.delitem(sys.modules, "handlers_of_things", raising=False)
    (tmp_path / "handlers_of_things.py").write_text(HANDLERS)
    (tmp_path / "serverless.yml").write_text(
        "functions:\n"
        "  search-things: {handler: handlers_of_things.search}\n"
        "  get-thing: {handler: handlers_of_things.get}\n"
    )
    return {"things": Stack("things", tmp_path, ("search-things", "get-thing"))}


def checked(stacks: Stacks, text: str) -> dict[str, Any]:
    declared, _ = models.of_function(stacks, SEARCH)
    return models.checked(declared.model, text, written_at=NOW)


def test_the_model_is_the_one_of_the_functions_handler(stacks: Stacks) -> None:
    declared, stack = models.of_function(stacks, SEARCH)
    assert declared.model.__name__ == "SearchConfig"
    assert stack.name == "things"


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"defaultResults": 3}',
        '{"longPages": {"percent": 10, "users": ["a"], "until": "2999-01-01T00:00:00Z"}}',
    ],
)
def test_a_valid_configuration_is_accepted(stacks: Stacks, text: str) -> None:
    assert checked(stacks, text) is not None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"defaultresults": 3}', "defaultresults: Extra inputs"),
        ('{"defaultResults": "3"}', "defaultResults: Input should be a valid integer"),
        ('{"defaultResults": 0}', "defaultResults: Input should be greater than or equal to 1"),
        ('{"longPages": {"percent": 110}}', "longPages.percent: Input should be less than or equal to 100"),
        ('{"longPages": {"per cent": 10}}', "longPages.per cent: Extra inputs"),
        (
            '{"longPages": {"until": "2020-01-01T00:00:00Z"}}',
            "longPages.until: Input should be in the future",
        ),
        ('{"longPages": {"until": "2999-01-01"}}', "longPages.until: Input should"),
        ('{"canary": {}}', "canary: Extra inputs"),
        ('{"defaultResults": 3', "document: Invalid JSON"),
        ("[]", "document: Input should be an object"),
    ],
)
def test_an_invalid_configuration_is_refused_by_the_name_of_the_field(
    stacks: Stacks, text: str, reason: str
) -> None:
    with pytest.raises(UsageError) as refused:
        checked(stacks, text)
    assert f"\n  {reason}" in str(refused.value)


def test_every_bad_field_is_named_at_once(stacks: Stacks) -> None:
    with pytest.raises(UsageError, match=r"(?s)defaultResults: .*longPageResults: "):
        checked(stacks, '{"defaultResults": 0, "longPageResults": "many"}')


def test_a_flag_that_has_ended_meanwhile_may_be_written_by_a_rollback(stacks: Stacks) -> None:
    declared, _ = models.of_function(stacks, SEARCH)
    ended = f'{{"longPages": {{"until": "{(NOW - timedelta(days=1)).isoformat()}"}}}}'
    assert models.checked(declared.model, ended)


@pytest.mark.parametrize(
    ("function", "says"),
    [
        ("things/get-thing", "things/get-thing has no configuration"),
        ("things/eat-thing", "There is no function things/eat-thing"),
        ("get-thing", "There is no function get-thing"),
    ],
)
def test_a_function_without_a_configuration_is_refused(stacks: Stacks, function: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        models.of_function(stacks, function)


def test_a_handler_that_cannot_be_imported_is_named_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path])
    (tmp_path / "serverless.yml").write_text("functions: {get: {handler: source/lister.handle}}\n")
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "lister.py").write_text("import not_installed_here\n")

    with pytest.raises(
        UsageError, match=r"notes/get cannot be imported: No module named 'not_installed_here'"
    ):
        models.of_function({"notes": Stack("notes", tmp_path, ("get",))}, "notes/get")
