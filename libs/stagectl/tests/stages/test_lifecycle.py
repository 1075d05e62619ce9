"""Finding a stage, and saying what is there when it is not."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from stagectl.checkout import Checkout
from stagectl.checkout.services import Stack
from stagectl.errors import EmulatorError, UsageError
from stagectl.stacks.stack_states import StackStates
from stagectl.stacks.stack_status import StackStatus
from stagectl.stacks.stage import Stage
from stagectl.stages import lifecycle
from stagectl.targets import emulator
from stagectl.targets.emulator import Emulator, EmulatorState
from stagectl.targets.target import Target

NOW = datetime(2026, 1, 31, tzinfo=UTC)


class FakeStates:
    """A target with stacks of these names."""

    def __init__(self, *names: str) -> None:
        self._stacks = {name: StackStatus(name, "CREATE_COMPLETE", NOW) for name in names}

    def find(self, name: str) -> StackStatus | None:
        return self._stacks.get(name)

    def all(self) -> Iterator[StackStatus]:
        yield from self._stacks.values()


def stage_called(name: str, machine: Emulator | None = None) -> Stage:
    target = Target("a target", {}, is_emulator=machine is not None, emulator=machine)
    return Stage(name, {one: Stack(one, Path()) for one in ("orders", "auth")}, target)


@pytest.fixture
def put_stacks(monkeypatch: pytest.MonkeyPatch) -> Any:
    def holds(*stacks: str) -> None:
        monkeypatch.setattr(StackStates, "of", lambda _: FakeStates(*stacks))

    monkeypatch.setattr(lifecycle, "enter", lambda _: None)
    return holds


def test_a_stage_with_any_stack_is_there(put_stacks: Any) -> None:
    put_stacks("auth-dev")

    lifecycle.enter_deployed(stage_called("dev"))


def test_an_unknown_stage_names_those_that_are_there(put_stacks: Any) -> None:
    put_stacks("orders-pr-1", "auth-dev", "billing-dev")

    with pytest.raises(UsageError, match=r"no stage nope on a target\. Stages: dev, pr-1"):
        lifecycle.enter_deployed(stage_called("nope"))


def test_where_no_stage_is_the_command_that_makes_one_is_named(put_stacks: Any) -> None:
    put_stacks()

    with pytest.raises(UsageError, match=r"Stages: none\. To deploy it: stagectl up --stage nope\."):
        lifecycle.enter_deployed(stage_called("nope"))


def test_a_wrong_port_names_the_emulators_that_run(
    checkout: Checkout, put_stacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, running = Emulator(checkout, 4999), Emulator(checkout, 4566)
    monkeypatch.setattr(Emulator, "state", lambda _: EmulatorState.STOPPED)
    monkeypatch.setattr(Emulator, "is_alive", lambda self: self.port == running.port)
    monkeypatch.setattr(emulator, "known_emulators", lambda _: [asked, running])

    with pytest.raises(EmulatorError, match=r"port 4999 does not run\. .*: BIGMOUTH_PORT=4566$"):
        lifecycle.enter_existing(stage_called("local", asked))


def test_where_no_emulator_runs_the_command_that_starts_one_is_named(
    checkout: Checkout, put_stacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(emulator, "known_emulators", lambda _: [])

    with pytest.raises(EmulatorError, match="Start it: npm start"):
        lifecycle.enter_existing(stage_called("local", Emulator(checkout, 4999)))


@pytest.fixture
def with_edge(checkout: Checkout, write: Any) -> Checkout:
    write("shared-infra/params.yml", 'default:\n  edge: "false"\nprod:\n  edge: true\n')
    write("shared-infra/edge/serverless.yml", "service: edge\n")
    return checkout


@pytest.mark.parametrize(
    ("stage", "parameters", "is_there"),
    [
        ("preview-x", [], False),
        ("prod", [], True),
        ("preview-x", ["edge=true"], True),
        ("prod", ["edge=false"], False),
    ],
)
def test_an_opt_in_stack_is_on_stages_whose_parameter_says_so(
    with_edge: Checkout, stage: str, parameters: list[str], is_there: bool
) -> None:
    found = lifecycle.find(with_edge, stage, use_emulator=True, parameters=parameters)

    assert ("edge" in found.stacks) is is_there


def test_an_opt_in_stack_that_a_stage_does_not_have_is_refused_with_the_way_to_get_it(
    with_edge: Checkout,
) -> None:
    with pytest.raises(UsageError, match=r"preview-x does not have edge\..* pass --param edge=true\."):
        lifecycle.find(with_edge, "preview-x", use_emulator=True, only=["edge"])
