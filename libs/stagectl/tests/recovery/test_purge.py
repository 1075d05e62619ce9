import json
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner

from stagectl import aws
from stagectl.cli import app
from stagectl.commands import confirmation
from stagectl.commands.recovery.dlq import purge as purging
from stagectl.errors import UsageError
from stagectl.recovery.dead_letters import DeadLetterQueue

Purge = Callable[..., Any]


class FakeSession:
    """A session whose one client notes what is purged."""

    def __init__(self) -> None:
        self.purged: list[str] = []

    def client(self, _service: str) -> "FakeSession":
        return self

    def purge_queue(self, *, QueueUrl: str) -> None:  # noqa: N803, as boto3
        self.purged.append(QueueUrl)


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> FakeSession:
    fake = FakeSession()
    monkeypatch.setattr(aws, "session", lambda: fake)
    return fake


@pytest.fixture
def purge(monkeypatch: pytest.MonkeyPatch, session: FakeSession) -> Purge:
    """Run the command on a stage, with a person at the terminal who types a text."""

    def run(*options: str, stage: str = "dev", types: str | None = None, messages: int = 3) -> Any:
        queues = [DeadLetterQueue(f"orders-{stage}-x-dlq", "x-dlq", "url", messages, (), "arn", stage)]
        monkeypatch.setattr(purging, "queues_of", lambda *_a, **_o: (stage, queues))
        monkeypatch.setattr(confirmation, "is_terminal", lambda: types is not None)
        return CliRunner().invoke(app, ["dlq", "purge", "x-dlq", *options], input=f"{types}\n")

    return run


@pytest.mark.parametrize("name", ["x-dlq", "orders-dev-x-dlq"])
def test_a_queue_is_purged_after_its_name_was_typed(purge: Purge, session: FakeSession, name: str) -> None:
    assert purge(types=name).exit_code == 0
    assert session.purged == ["url"]


def test_what_was_purged_is_json_on_demand(purge: Purge) -> None:
    assert json.loads(purge("--yes", "--json").stdout) == {"queue": "orders-dev-x-dlq", "deleted": 3}
    assert json.loads(purge("--json", messages=0).stdout) == {"queue": "orders-dev-x-dlq", "deleted": 0}


@pytest.mark.parametrize("typed", ["y", "x-dl", "X-DLQ"])
def test_another_text_purges_nothing(purge: Purge, session: FakeSession, typed: str) -> None:
    assert isinstance(purge(types=typed).exception, UsageError)
    assert session.purged == []


def test_with_yes_there_is_no_question(purge: Purge, session: FakeSession) -> None:
    assert purge("--yes").exit_code == 0
    assert session.purged == ["url"]


def test_without_a_terminal_nothing_is_purged(purge: Purge, session: FakeSession) -> None:
    assert "pass --yes" in str(purge().exception)
    assert session.purged == []


def test_on_production_a_typed_name_is_not_enough(purge: Purge, session: FakeSession) -> None:
    assert "needs --yes" in str(purge(stage="prod", types="x-dlq").exception)
    assert session.purged == []


def test_an_empty_queue_is_left_alone(purge: Purge, session: FakeSession) -> None:
    assert purge("--yes", messages=0).exit_code == 0
    assert session.purged == []
