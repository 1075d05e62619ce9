from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import watchfiles

from stagectl.checkout import Checkout
from stagectl.checkout.services import Stack
from stagectl.errors import DeploymentError
from stagectl.stacks.stage import Stage
from stagectl.stages import lifecycle
from stagectl.targets.target import Target
from stagectl.watching import session
from stagectl.watching.served_code import Outcome

FAULT = Outcome(faults=["services/orders/orders/domain.py:1: invalid syntax"])
REPLACED = Outcome(functions=["place-order"])


@dataclass
class Watched:
    """A checkout that is watched, of which code and deployments are fakes.

    Attributes:
        outcomes: What comes of replacing a service's code, by service; None where nothing differs.
        failures: Services whose deployment fails.
        deployed: The services of each deployment.
    """

    root: Path
    outcomes: dict[str, Outcome | None] = field(default_factory=dict)
    failures: set[str] = field(default_factory=set)
    deployed: list[set[str]] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    step: Callable[[], None] = lambda: None

    def save(self, **files: str) -> None:
        """Save a file of each service that is named: what it holds, its name by that."""
        for service, text in files.items():
            is_template = ":" in text
            path = self.root / "services" / service / ("serverless.yml" if is_template else f"{service}/a.py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            self.paths.append(path)
        self.step()
        self.paths.clear()


@pytest.fixture
def watched(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    made = Watched(checkout.root)
    stacks = {
        name: Stack(name, checkout.root / "services" / name, functions=("place-order",))
        for name in ("orders", "web")
    }

    class Code:
        has_pages = False

        def __init__(self, _: Checkout, stack: Stack, __: str) -> None:
            self.name = stack.name

        def replace(self) -> Outcome | None:
            return made.outcomes.get(self.name)

        def close(self) -> None: ...

    def watch(*_: object, **__: object) -> Iterator[set[tuple[int, str]]]:
        while True:
            yield {(1, str(path)) for path in made.paths}

    def find(*_: object, only: list[str], **__: object) -> Stage:
        return Stage("local", {name: stacks[name] for name in only}, target)

    def bring_up(_: Checkout, stage: Stage, **__: Any) -> None:
        made.deployed.append(set(stage.stacks))
        if made.failures & stage.stacks.keys():
            raise DeploymentError("it failed")

    target = Target("the emulator", {}, is_emulator=True)
    monkeypatch.setattr(session, "ServedCode", Code)
    monkeypatch.setattr(watchfiles, "watch", watch)
    monkeypatch.setattr(lifecycle, "find", find)
    monkeypatch.setattr(lifecycle, "bring_up", bring_up)
    with session.serving_changes(checkout, Stage("local", stacks, target)) as step:
        made.step = step
        yield made


def test_a_mended_fault_is_reported_although_nothing_is_replaced(
    watched: Watched, capsys: pytest.CaptureFixture[str]
) -> None:
    watched.outcomes["orders"] = FAULT
    watched.save(orders="def")
    assert "domain.py:1: invalid syntax\norders: not replaced" in capsys.readouterr().err

    watched.outcomes["orders"] = None
    watched.save(orders="pass")
    assert capsys.readouterr().err.endswith("orders: mended; it serves what is saved\n")

    watched.save(orders="pass")
    assert capsys.readouterr().err == ""


def test_a_broken_template_keeps_no_other_service_from_being_replaced(
    watched: Watched, capsys: pytest.CaptureFixture[str]
) -> None:
    watched.outcomes["web"] = REPLACED
    watched.save(orders="service: [", web="pass")

    printed = capsys.readouterr().err
    assert "services/orders/serverless.yml:2: this is not valid YAML" in printed
    assert "web: all functions replaced" in printed
    assert watched.deployed == []


def test_a_failed_deployment_is_repeated_with_the_next_change_of_its_service_alone(watched: Watched) -> None:
    watched.failures = {"orders"}
    watched.save(orders="service: orders")
    watched.save(web="pass")
    watched.failures.clear()
    watched.save(orders="pass")
    watched.save(orders="pass")

    assert watched.deployed == [{"orders"}, {"orders"}]


def test_code_is_replaced_although_its_service_cannot_be_deployed(
    watched: Watched, capsys: pytest.CaptureFixture[str]
) -> None:
    watched.failures, watched.outcomes["orders"] = {"orders"}, REPLACED
    watched.save(orders="service: orders")
    capsys.readouterr()

    watched.save(orders="pass")

    assert "orders: all functions replaced" in capsys.readouterr().err


def test_a_template_that_was_broken_is_deployed_when_it_is_mended(watched: Watched) -> None:
    watched.save(orders="service: [")
    watched.save(orders="service: orders")

    assert watched.deployed == [{"orders"}]
