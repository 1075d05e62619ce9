"""What commands print with --json, where no other test reads it."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from stagectl import aws
from stagectl.checklist import migrations
from stagectl.checklist.history import History
from stagectl.cli import app
from stagectl.commands.delivery import smoke
from stagectl.commands.people import disable, enable, invite
from stagectl.commands.stages.config import rollback
from stagectl.commands.stages.config import set as setting
from stagectl.commands.stages.config._configuration import Configuration
from stagectl.configuration import models
from stagectl.configuration.stored import StoredConfiguration
from stagectl.costs import tuning_estimate
from stagectl.costs.tuning import Tuned, Tuning
from stagectl.deployment import seed
from stagectl.deployment.deploy import DeploymentReport
from stagectl.deployment.seed import SignIn
from stagectl.diff import stage_diff
from stagectl.people.user_pool import UserPool
from stagectl.preview_life import acceptance
from stagectl.stacks import base_stage
from stagectl.stacks.stack_states import StackStates
from stagectl.stages import lifecycle
from stagectl.stages.lifecycle import Timings
from stagectl.stages.smoke import Finding

from .fakes.people import FakeCognito
from .fakes.ssm import FakeSsm

NAME = "/orders/dev/place-order/config"


def document_of(*arguments: str) -> Any:
    """Return the JSON document that a command prints; anything beside it fails."""
    result = CliRunner().invoke(app, [*arguments, "--json"], catch_exceptions=False)
    return json.loads(result.stdout)


class FakeAudit:
    """A record that takes everything."""

    def open(self) -> "FakeAudit":
        return self

    def of_stage(self, _stage: str) -> "FakeAudit":
        return self

    def write(self, *_words: str) -> None:
        """Forget it."""


@pytest.mark.parametrize(("branch", "stage"), [("new-menu", "preview-new-menu"), ("main", None)])
def test_a_stage_name(branch: str, stage: str | None) -> None:
    assert document_of("stage-name", branch, "--except", "main") == {"branch": branch, "stage": stage}


def test_a_deployment(monkeypatch: pytest.MonkeyPatch) -> None:
    report = DeploymentReport(outcomes={"orders": "deployed"}, seconds={"orders": 1.26})
    timings = Timings(deployment=report, seed_seconds=0.2, total_seconds=3.14)
    monkeypatch.setattr(lifecycle, "bring_up", lambda *_a, **_o: timings)

    assert document_of("up", "--stage", "local") == {
        "stage": "local",
        "stacks": {"orders": {"outcome": "deployed", "seconds": 1.3}},
        "seconds": 3.1,
        "isSeeded": True,
    }


@pytest.mark.parametrize(("verb", "module"), [("disable", disable), ("enable", enable)])
def test_a_user_who_was_changed(verb: str, module: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    cognito = FakeCognito()
    cognito.having("ada@example.com")
    pool: Any = SimpleNamespace(of_stage=lambda stage: UserPool(cognito, "pool", stage))  # type: ignore[arg-type]
    monkeypatch.setattr(module, "entered", lambda *_a, **_o: SimpleNamespace(name="dev"))
    monkeypatch.setattr(module, "UserPool", pool)
    monkeypatch.setattr(module, "Audit", FakeAudit())

    assert document_of("users", verb, "ada@example.com")["email"] == "ada@example.com"


def test_an_invited_user(monkeypatch: pytest.MonkeyPatch) -> None:
    pool: Any = SimpleNamespace(of_stage=lambda stage: UserPool(FakeCognito(), "pool", stage))  # type: ignore[arg-type]
    monkeypatch.setattr(invite, "entered", lambda *_a, **_o: SimpleNamespace(name="dev"))
    monkeypatch.setattr(invite, "UserPool", pool)
    monkeypatch.setattr(invite, "Audit", FakeAudit())

    names = ("--given-name", "Ada", "--family-name", "Lovelace")
    assert document_of("users", "invite", "ada@example.com", *names)["email"] == "ada@example.com"


def test_answers_of_routes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smoke, "request_routes", lambda *_a, **_o: [Finding("GET /", 200, True)])

    assert document_of("smoke", "--urls", '{"events": "https://page"}') == [
        {"request": "GET /", "status": 200, "isRight": True}
    ]


def test_differences(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "enter_existing", lambda _stage: None)
    monkeypatch.setattr(base_stage, "taken", lambda *_: {"auth": "dev"})
    monkeypatch.setattr(aws, "session", lambda: SimpleNamespace(client=lambda _name: None))
    monkeypatch.setattr(stage_diff, "package", lambda *_: None)
    monkeypatch.setattr(stage_diff, "compare", lambda *_: [])

    document = document_of("diff")

    assert (document["stage"], document["changes"], document["fromBase"]) == ("local", False, {"auth": "dev"})


def test_durations_and_prices_of_memory_sizes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "event.json").write_text("{}")
    rows = (Tuned(128, 40.0, 1e-7), Tuned(256, 20.0, 2e-7))
    found = Tuning("events-local-event-logger", 256, rows, ("measured",), is_estimate=True)
    client = SimpleNamespace(get_function_configuration=lambda **_: {"MemorySize": 256})
    monkeypatch.setattr(aws, "session", lambda: SimpleNamespace(client=lambda _name: client))
    monkeypatch.setattr(lifecycle, "enter_deployed", lambda _stage: None)
    monkeypatch.setattr(tuning_estimate, "measure", lambda *_a, **_o: None)
    monkeypatch.setattr(tuning_estimate, "estimate", lambda *_: found)

    document = document_of("tune", "event-logger", "--payload", str(tmp_path / "event.json"))

    assert [row["megabytes"] for row in document["rows"]] == [128, 256]


def test_demo_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "enter_deployed", lambda _stage: None)
    monkeypatch.setattr(seed, "seed", lambda *_: None)
    monkeypatch.setattr(
        seed, "read_sign_ins", lambda _file: [SignIn("customer", "ada@example.com", "Secret1!")]
    )

    (sign_in,) = document_of("seed")["signIns"]
    assert sign_in == {"role": "customer", "email": "ada@example.com", "password": "Secret1!"}
    assert document_of("users", "sign-ins")["registrationCode"] == "123456"


@pytest.fixture
def configuration(monkeypatch: pytest.MonkeyPatch) -> StoredConfiguration:
    """The stored configuration of a function, with two versions."""
    stored = StoredConfiguration(FakeSsm(), NAME)  # type: ignore[arg-type]
    stored.write({"patienceSeconds": 60}, after=0)
    stored.write({"patienceSeconds": 90}, after=1)
    stage: Any = SimpleNamespace(name="dev")
    found = Configuration("orders/place-order", stage, SimpleNamespace(model=None), stored)  # type: ignore[arg-type]
    monkeypatch.setattr(Configuration, "record", lambda *_a: None)
    monkeypatch.setattr(models, "checked", lambda _model, text, **_o: json.loads(text))
    for module in (setting, rollback):
        monkeypatch.setattr(module, "entered", lambda *_a, **_o: found)
    return stored


@pytest.mark.parametrize(
    ("arguments", "version"),
    [
        (["set", "orders/place-order", '{"patienceSeconds": 5}'], 3),
        (["set", "orders/place-order", '{"patienceSeconds": 90}'], 2),
        (["rollback", "orders/place-order"], 3),
    ],
)
@pytest.mark.usefixtures("configuration")
def test_a_configuration_that_was_written(arguments: list[str], version: int) -> None:
    assert document_of("config", *arguments) == {"name": NAME, "version": version}


def test_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    one = SimpleNamespace(service="events", name="0001_first")
    pending = SimpleNamespace(pending=lambda _found: [one], count=lambda _one: 7)
    monkeypatch.setattr(migrations, "Migrations", lambda *_a: pending)
    monkeypatch.setattr(History, "of_stage", lambda _stage: None)
    monkeypatch.setattr(lifecycle, "enter_existing", lambda _stage: None)
    states = SimpleNamespace(find=lambda name: name == "events-dev")
    monkeypatch.setattr(StackStates, "of", lambda _target: states)

    assert document_of("migrate", "--stage", "dev", "--dry-run") == [
        {"service": "events", "migration": "0001_first", "outcome": "would change 7 items"}
    ]


def test_the_transcript_of_an_acceptance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("run", "look_for_leftovers"):
        monkeypatch.setattr(acceptance, name, lambda *_a: None)
    monkeypatch.setattr(lifecycle, "enter", lambda _stage: None)
    file = tmp_path / "transcript.md"

    document = document_of("acceptance", "--yes", "--stage", "try-1", "--transcript", str(file))

    assert document["transcript"] == str(file)
    assert isinstance(document["passed"], bool)
