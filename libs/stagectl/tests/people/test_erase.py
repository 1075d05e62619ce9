"""The command `users erase`, from the question to the report."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from stagectl.cli import app
from stagectl.commands import confirmation
from stagectl.commands.people import erase as erasing
from stagectl.errors import StagectlError, UsageError
from stagectl.people import traces
from stagectl.people.audit import Audit, key_of
from stagectl.people.erasure import Erasure
from stagectl.people.traces import Findings
from stagectl.people.user_pool import UserPool

from ..fakes.people import FakeBus, FakeCognito

ADDRESS = "ada@example.com"
Erase = Callable[..., Any]


class FakeAudit:
    """A record in memory."""

    def __init__(self) -> None:
        self.written: list[tuple[str, str]] = []

    def open(self) -> "FakeAudit":
        return self

    def write(self, action: str, user_id: str) -> None:
        self.written.append((action, user_id))

    def read(self, *, user: str) -> list[Any]:
        return [SimpleNamespace(action=action) for action, who in self.written if key_of(who) == user]


class World:
    """What the command works on.

    Attributes:
        found: What each search finds, one after another; nothing afterwards.
        slept: For how many seconds the command waited.
    """

    def __init__(self) -> None:
        self.cognito = FakeCognito()
        self.bus = FakeBus("orders", "restaurants")
        self.audit = FakeAudit()
        self.user_id = self.cognito.having(ADDRESS, given_name="Ada", family_name="Lovelace")
        self.found: list[dict[str, int]] = []
        self.slept: list[float] = []

    @property
    def user(self) -> dict[str, Any] | None:
        return next(iter(self.cognito.users.values()), None)

    def search(self, _stage: object, user: Any) -> Findings:
        assert user.user_id == self.user_id
        return Findings({"items": 3}, self.found.pop(0) if self.found else {})


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    world = World()
    cognito: Any = world.cognito
    bus: Any = world.bus
    monkeypatch.setattr(UserPool, "of_stage", lambda stage: UserPool(cognito, "pool-1", stage))
    monkeypatch.setattr(Audit, "of_stage", lambda _stage: world.audit)
    monkeypatch.setattr(Erasure, "on", lambda _stage, user: Erasure(bus, bus, "dev", user))
    monkeypatch.setattr(traces, "search", world.search)
    monkeypatch.setattr(time, "sleep", world.slept.append)
    return world


@pytest.fixture
def erase(monkeypatch: pytest.MonkeyPatch, world: World, tmp_path: Path) -> Erase:
    """Run the command, with a person at the terminal who types a text."""

    def run(who: str, *options: str, stage: str = "dev", types: str | None = None) -> Any:
        monkeypatch.setattr(erasing, "entered", lambda *_a, **_o: SimpleNamespace(name=stage, stacks={}))
        monkeypatch.setattr(confirmation, "is_terminal", lambda: types is not None)
        arguments = ["users", "erase", who, "--report", str(tmp_path / "report.json"), *options]
        return CliRunner().invoke(app, arguments, input=f"{types}\n")

    return run


def test_the_report_is_the_result_on_demand(erase: Erase, tmp_path: Path) -> None:
    printed = erase(ADDRESS, "--yes", "--now", "--json").stdout

    assert json.loads(printed) == json.loads((tmp_path / "report.json").read_text())


def test_a_user_is_erased_and_the_report_names_nobody(erase: Erase, world: World, tmp_path: Path) -> None:
    assert erase(ADDRESS, "--yes", "--now").exit_code == 0

    assert world.user is None
    assert world.audit.written == [("erase", world.user_id), ("erased", world.user_id)]
    text = (tmp_path / "report.json").read_text()
    report = json.loads(text)
    assert report["erasureId"] == key_of(world.user_id)
    assert sorted(report["erasedBy"]) == ["orders", "restaurants"]
    assert (report["isUserDeleted"], report["namedIn"], report["searched"]) == (True, {}, {"items": 3})
    assert [mark for mark in (ADDRESS, "Ada", "Lovelace", world.user_id) if mark in text] == []


def test_the_user_is_disabled_before_services_are_asked_and_deleted_last(erase: Erase, world: World) -> None:
    world.bus.refuses = "Broken"

    assert isinstance(erase(ADDRESS, "--yes", "--now").exception, StagectlError)
    assert world.user is not None
    assert not world.user["Enabled"]

    world.bus.refuses = None
    assert erase(ADDRESS, "--yes", "--now").exit_code == 0
    assert world.user is None


def test_tokens_from_before_are_waited_for(erase: Erase, world: World) -> None:
    assert erase(ADDRESS, "--yes").exit_code == 0
    assert [round(seconds, -1) for seconds in world.slept] == [900]


def test_a_user_who_is_still_named_somewhere_is_not_deleted(erase: Erase, world: World) -> None:
    world.found = [{"/aws/lambda/orders-dev-place-order": 2}]

    result = erase(ADDRESS, "--yes", "--now")

    assert "still named in: /aws/lambda/orders-dev-place-order (2)" in str(result.exception)
    assert world.user is not None
    assert erase(ADDRESS, "--yes", "--now").exit_code == 0
    assert world.user is None


def test_erasing_twice_searches_again(erase: Erase, world: World) -> None:
    erase(ADDRESS, "--yes", "--now")
    asked = len(world.bus.requests)

    assert erase(world.user_id, "--yes", "--now").exit_code == 0
    assert len(world.bus.requests) == asked

    world.found = [{"orders-dev": 1}]
    assert "still named in: orders-dev (1)" in str(erase(world.user_id, "--yes").exception)


@pytest.mark.parametrize("who", ["nobody@example.com", "0b8f7a52-3f2c-4d0e-9c39-4d5e1f6a7b8c"])
def test_an_unknown_user_is_refused_with_the_ways_out(erase: Erase, world: World, who: str) -> None:
    message = str(erase(who, "--yes").exception)

    assert "stagectl users list --stage dev" in message
    assert "Of a user who was erased, pass the user id" in message
    assert world.audit.written == []


@pytest.mark.parametrize("typed", [ADDRESS, "id"])
def test_the_address_or_the_id_confirms(erase: Erase, world: World, typed: str) -> None:
    assert erase(ADDRESS, "--now", types=world.user_id if typed == "id" else typed).exit_code == 0
    assert world.user is None


@pytest.mark.parametrize(("stage", "types"), [("dev", "y"), ("dev", None), ("prod", ADDRESS)])
def test_without_a_confirmation_nothing_happens(
    erase: Erase, world: World, stage: str, types: str | None
) -> None:
    assert isinstance(erase(ADDRESS, "--now", stage=stage, types=types).exception, UsageError)
    assert world.user is not None
    assert world.user["Enabled"]
    assert world.audit.written == []
    assert world.bus.requests == []
