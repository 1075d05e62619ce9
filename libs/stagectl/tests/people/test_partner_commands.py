import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from typer.testing import CliRunner

from stagectl.cli import app
from stagectl.commands import confirmation
from stagectl.commands.people.partners import add as adding
from stagectl.commands.people.partners import list as listing
from stagectl.commands.people.partners import revoke as revoking
from stagectl.errors import UsageError
from stagectl.people.partner_keys import NewKey, PartnerKey

Run = Callable[..., Any]
ACME = PartnerKey("acme", "k1", datetime(2026, 11, 2, 8, 30, tzinfo=UTC), True, 12)


class FakeKeys:
    """The keys of a stage, and the record of what is done to them, in order."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def all(self) -> list[PartnerKey]:
        return [ACME]

    def check_new(self, name: str) -> None:
        if name == ACME.name:
            raise UsageError("has a key already")

    def add(self, name: str) -> NewKey:
        self.done.append(f"add {name}")
        return NewKey(name, "secret-of-the-partner", "https://api.example/dev")

    def ids_of(self, name: str) -> list[str]:
        assert name == ACME.name
        return ["k1", "k2"]

    def delete(self, key_id: str) -> None:
        self.done.append(f"delete {key_id}")

    def open(self) -> "FakeKeys":
        return self

    def write(self, action: str) -> None:
        self.done.append(f"recorded {action}")

    def of_stage(self, _stage: str) -> "FakeKeys":
        return self


@pytest.fixture
def keys() -> FakeKeys:
    return FakeKeys()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, keys: FakeKeys) -> Run:
    """Run a command on a stage, with a person at the terminal who types a text."""

    def run(*words: str, stage: str = "dev", types: str | None = None) -> Any:
        for module in (adding, listing, revoking):
            monkeypatch.setattr(module, "keys_of", lambda *_a, **_o: (stage, keys))
        for module in (adding, revoking):
            monkeypatch.setattr(module, "Audit", keys)
        monkeypatch.setattr(confirmation, "is_terminal", lambda: types is not None)
        return CliRunner().invoke(app, ["partners", *words], input=f"{types}\n")

    return run


def test_a_key_is_printed_once_after_it_was_recorded_who_creates_it(run: Run, keys: FakeKeys) -> None:
    answer = run("add", "umbrella")

    assert answer.stdout.count("secret-of-the-partner") == 1
    assert keys.done == ["recorded partners add umbrella", "add umbrella"]


def test_a_new_key_is_printed_as_json(run: Run) -> None:
    expected = {"name": "umbrella", "key": "secret-of-the-partner", "url": "https://api.example/dev"}
    assert json.loads(run("add", "umbrella", "--json").stdout) == expected


@pytest.mark.parametrize("name", ["Umbrella", "acme"])
def test_a_wrong_or_taken_name_creates_and_records_nothing(run: Run, keys: FakeKeys, name: str) -> None:
    assert isinstance(run("add", name).exception, UsageError)
    assert keys.done == []


def test_the_list_shows_state_and_use_of_each_key(run: Run) -> None:
    assert run("list").stdout == "acme  2026-11-02 08:30 UTC  enabled   12 requests this month\n"
    (listed,) = json.loads(run("list", "--json").stdout)
    assert (listed["name"], listed["isEnabled"], listed["requestsThisMonth"]) == ("acme", True, 12)


@pytest.mark.parametrize(("options", "types"), [(["--yes"], None), ([], "acme")])
def test_all_keys_of_a_partner_are_deleted_after_it_was_confirmed(
    run: Run, keys: FakeKeys, options: list[str], types: str | None
) -> None:
    assert run("revoke", "acme", *options, types=types).exit_code == 0
    assert keys.done == ["recorded partners revoke acme", "delete k1", "delete k2"]


def test_a_revoked_key_is_json_on_demand(run: Run) -> None:
    assert json.loads(run("revoke", "acme", "--yes", "--json").stdout) == {"name": "acme", "revokedKeys": 2}


@pytest.mark.parametrize(("stage", "types"), [("dev", "y"), ("dev", None), ("prod", "acme")])
def test_a_key_that_was_not_confirmed_stays(run: Run, keys: FakeKeys, stage: str, types: str | None) -> None:
    assert isinstance(run("revoke", "acme", stage=stage, types=types).exception, UsageError)
    assert keys.done == []
