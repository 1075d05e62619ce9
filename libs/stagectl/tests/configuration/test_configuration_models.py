"""What `stagectl config set` accepts, by the models of the product's own handlers."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from stagectl.checkout import Checkout
from stagectl.checkout.services import Stack, discover
from stagectl.configuration import models
from stagectl.errors import UsageError

STACKS = discover(Checkout.of_this_file().root)
NOW = datetime.now(UTC)
SEARCH = "restaurants/search-restaurants"


def checked(text: str, *, function: str = SEARCH) -> dict[str, Any]:
    declared, _ = models.of_function(STACKS, function)
    return models.checked(declared.model, text, written_at=NOW)


def test_the_model_is_the_one_of_the_functions_handler() -> None:
    declared, stack = models.of_function(STACKS, "orders/place-order")
    assert declared.model.__name__ == "PatienceConfig"
    assert stack.name == "orders"


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"defaultResults": 3}',
        '{"longPages": {"percent": 10, "users": ["a"], "until": "2999-01-01T00:00:00Z"}}',
    ],
)
def test_a_valid_configuration_is_accepted(text: str) -> None:
    assert checked(text) is not None


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
def test_an_invalid_configuration_is_refused_by_the_name_of_the_field(text: str, reason: str) -> None:
    with pytest.raises(UsageError) as refused:
        checked(text)
    assert f"\n  {reason}" in str(refused.value)


def test_every_bad_field_is_named_at_once() -> None:
    with pytest.raises(UsageError, match=r"(?s)defaultResults: .*longPageResults: "):
        checked('{"defaultResults": 0, "longPageResults": "many"}')


def test_a_flag_that_has_ended_meanwhile_may_be_written_by_a_rollback() -> None:
    declared, _ = models.of_function(STACKS, SEARCH)
    ended = f'{{"longPages": {{"until": "{(NOW - timedelta(days=1)).isoformat()}"}}}}'
    assert models.checked(declared.model, ended)


@pytest.mark.parametrize(
    ("function", "says"),
    [
        ("orders/get-order", "orders/get-order has no configuration"),
        ("orders/order-pizza", "There is no function orders/order-pizza"),
        ("place-order", "There is no function place-order"),
    ],
)
def test_a_function_without_a_configuration_is_refused(function: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        models.of_function(STACKS, function)


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
