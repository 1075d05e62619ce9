"""What an operator works with."""

import importlib
from collections.abc import Callable
from typing import Any

import pytest
from stagectl.checkout import services
from stagectl.cli import app
from stagectl.commands import people
from stagectl.stacks.stage import Stage as StageOfStagectl
from stagectl.targets import target
from typer.testing import CliRunner

from support.stage import REPOSITORY, Stage

Stagectl = Callable[..., Any]


@pytest.fixture
def operated(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> StageOfStagectl:
    """The stage as stagectl has it once it has entered its target."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", stage.region)
    return StageOfStagectl(stage.name, services.discover(REPOSITORY), target.remote())


@pytest.fixture
def stagectl(operated: StageOfStagectl, monkeypatch: pytest.MonkeyPatch) -> Stagectl:
    """Runs a command on the stage that this process is set up for, and returns its result."""
    for command in people.app.registered_commands:
        module = importlib.import_module(str(command.callback and command.callback.__module__))
        # sign-ins enters no stage.
        monkeypatch.setattr(module, "entered", lambda *_a, **_o: operated, raising=False)

    def run(*arguments: str) -> Any:
        return CliRunner().invoke(app, ["users", *arguments])

    return run
