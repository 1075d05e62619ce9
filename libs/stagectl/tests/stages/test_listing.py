"""Listing the stages of every target."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stagectl.checkout import Checkout
from stagectl.checkout.services import Stack
from stagectl.errors import CredentialsError
from stagectl.stacks.stack_states import StackStates
from stagectl.stacks.stack_status import StackStatus
from stagectl.stages import listing
from stagectl.stages.listing import FoundStage, group_by_stage
from stagectl.targets import target
from stagectl.targets.emulator import Emulator
from stagectl.targets.target import Target

THEN = datetime(2026, 1, 31, tzinfo=UTC)
ORDERS = [Stack("orders", Path())]


def stages(*names: str, services: tuple[str, ...] = ("orders", "shared-infra")) -> dict[str, list[str]]:
    found = [StackStatus(name, "CREATE_COMPLETE", THEN) for name in names]
    stacks = [Stack(name, Path()) for name in services]
    return {stage.name: list(stage.stacks) for stage in group_by_stage(found, stacks, "somewhere")}


def test_stacks_are_grouped_by_stage_in_the_order_of_the_alphabet() -> None:
    assert list(stages("shared-infra-pr-1", "shared-infra-dev", "orders-dev").items()) == [
        ("dev", ["orders", "shared-infra"]),
        ("pr-1", ["shared-infra"]),
    ]


def test_a_stage_tells_where_it_is_and_how_its_stacks_are() -> None:
    status = StackStatus("orders-dev", "UPDATE_COMPLETE", THEN)

    assert group_by_stage([status], ORDERS, "AWS") == [FoundStage("dev", "AWS", {"orders": status})]


def test_stacks_of_others_are_left_out() -> None:
    assert stages("billing-dev", "orders", "myorders-dev", "orders-Dev", "orders-dev_2", "orders--dev") == {}


def test_the_longer_of_two_service_names_counts() -> None:
    assert stages("orders-archive-dev", services=("orders", "orders-archive")) == {"dev": ["orders-archive"]}


def test_a_services_name_is_no_pattern() -> None:
    assert stages("ordersxv2-dev", services=("orders.v2",)) == {}


def test_without_services_there_are_no_stages() -> None:
    assert stages("orders-dev", services=()) == {}


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """Ports whose emulators run."""
    ports: set[int] = set()
    monkeypatch.setattr(Emulator, "is_alive", lambda machine: machine.port in ports)
    return ports


def places(checkout: Checkout, *, aws: bool = False) -> list[str]:
    return [where.description for where in listing.targets(checkout, aws=aws)]


def test_stages_are_looked_for_on_the_emulators_that_run_and_on_aws_when_wanted(
    monkeypatch: pytest.MonkeyPatch, checkout: Checkout, running: set[int]
) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    for port in (4570, 4571):
        (checkout.emulators / str(port)).mkdir(parents=True)
    running.add(4571)

    assert places(checkout) == ["the local emulator on port 4571"]
    assert places(checkout, aws=True) == ["the local emulator on port 4571", "AWS"]


def test_an_endpoint_that_is_set_is_looked_at_too(
    monkeypatch: pytest.MonkeyPatch, checkout: Checkout, running: set[int]
) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")

    assert places(checkout) == ["http://127.0.0.1:1"]


def test_each_place_is_entered_before_it_is_looked_at_and_credentials_are_asked_for_on_aws(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = {"one": "orders-dev", "two": "orders-pr-1"}
    asked = []
    monkeypatch.setattr(os, "environ", {})
    monkeypatch.setattr(target, "account_id", lambda where: asked.append(where.description))

    class Here:
        def all(self) -> Iterator[StackStatus]:
            yield StackStatus(there[os.environ["PLACE"]], "CREATE_COMPLETE", THEN)

    monkeypatch.setattr(StackStates, "of", lambda _: Here())
    local = Target("here", {"PLACE": "one"}, is_emulator=True)
    remote = Target("there", {"PLACE": "two"}, is_emulator=False)

    found = listing.find_stages([local, remote], ORDERS)
    assert [(stage.name, stage.place) for stage in found] == [("dev", "here"), ("pr-1", "there")]
    assert asked == ["there"]


def test_a_place_that_refuses_the_credentials_is_no_place_without_stages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_: Target) -> str:
        raise CredentialsError("no")

    monkeypatch.setattr(os, "environ", {})
    monkeypatch.setattr(target, "account_id", refuse)

    with pytest.raises(CredentialsError):
        listing.find_stages([Target("AWS", {}, is_emulator=False)], ORDERS)
