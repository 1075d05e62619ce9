import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from stagectl import remove, services
from stagectl.checkout import Checkout
from stagectl.errors import DeploymentError, UsageError
from stagectl.local_stage import Stage
from stagectl.stack_states import StackStates, StackStatus
from stagectl.target import Target

Write = Callable[[str, str], Path]


class FakeStates:
    """Stacks that exist, by name."""

    def __init__(self, *existing: str) -> None:
        self.existing = set(existing)
        self.removed: list[str] = []

    def find(self, name: str) -> StackStatus | None:
        then = datetime(2026, 1, 31, tzinfo=UTC)
        return StackStatus(name, "CREATE_COMPLETE", then) if name in self.existing else None

    def remove(self, name: str) -> None:
        self.removed.append(name)


@pytest.fixture
def add(write: Write) -> Callable[..., None]:
    """Add a service that depends on shared-infra."""

    def add_service(name: str, behaviour: str = "") -> None:
        write(
            f"services/{name}/serverless.yml",
            f'service: {name}\nx: "{{{{resolve:ssm:/shared-infra/dev/a}}}}"',
        )
        write(f"services/{name}/behaviour", behaviour)

    return add_service


def take_down(checkout: Checkout, states: FakeStates, *, is_emulator: bool = True, name: str = "pr-1") -> Any:
    environment = {**os.environ, "JOURNAL": str(checkout.root / "journal")}
    stage = Stage(
        name, services.discover(checkout.root), Target("a test", environment, is_emulator=is_emulator)
    )
    return remove.take_down(checkout, stage, cast("StackStates", states), jobs=3)


def test_stacks_go_after_those_that_depend_on_them(checkout: Checkout, add: Callable[..., None]) -> None:
    add("orders")

    outcomes = take_down(checkout, FakeStates("shared-infra-pr-1", "orders-pr-1"))

    journal = [json.loads(line) for line in (checkout.root / "journal").read_text().splitlines()]
    started = [(entry["service"], entry["arguments"]) for entry in journal if entry["event"] == "started"]
    arguments = ["remove", "--stage", "pr-1"]
    assert started == [("orders", arguments), ("shared-infra", arguments)]
    assert outcomes == {"orders": "removed", "shared-infra": "removed"}


def test_a_stack_that_is_not_there_is_fine(checkout: Checkout) -> None:
    assert take_down(checkout, FakeStates()) == {"shared-infra": "not there"}
    assert not (checkout.root / "journal").exists()


def test_on_the_emulator_what_sls_cannot_remove_is_removed_without_it(
    checkout: Checkout, add: Callable[..., None]
) -> None:
    add("orders", "fail")
    states = FakeStates("orders-pr-1")

    assert take_down(checkout, states)["orders"] == "removed"
    assert states.removed == ["orders-pr-1"]


def test_on_aws_a_failure_is_reported_and_keeps_what_is_below(
    checkout: Checkout, add: Callable[..., None]
) -> None:
    add("orders", "fail")
    states = FakeStates("orders-pr-1", "shared-infra-pr-1")

    with pytest.raises(DeploymentError, match="orders was not removed"):
        take_down(checkout, states, is_emulator=False)
    assert states.removed == []
    assert "shared-infra" not in {
        json.loads(line)["service"] for line in (checkout.root / "journal").read_text().splitlines()
    }


@pytest.mark.parametrize("name", ["dev", "staging", "prod"])
def test_stages_that_others_live_on_are_refused(checkout: Checkout, name: str) -> None:
    with pytest.raises(UsageError, match="others live on it"):
        take_down(checkout, FakeStates("shared-infra-dev"), name=name)
