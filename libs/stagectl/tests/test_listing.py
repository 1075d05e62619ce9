from datetime import UTC, datetime
from pathlib import Path

from stagectl.listing import group_by_stage
from stagectl.services import Stack
from stagectl.stack_states import StackStatus

THEN = datetime(2026, 1, 31, tzinfo=UTC)


def stages(*names: str, services: tuple[str, ...] = ("orders", "shared-infra")) -> dict[str, list[str]]:
    found = [StackStatus(name, "CREATE_COMPLETE", THEN) for name in names]
    stacks = [Stack(name, Path()) for name in services]
    return {stage.name: list(stage.stacks) for stage in group_by_stage(found, stacks, "somewhere")}


def test_stacks_are_grouped_by_stage() -> None:
    assert stages("orders-dev", "shared-infra-dev", "orders-pr-1") == {
        "dev": ["orders", "shared-infra"],
        "pr-1": ["orders"],
    }


def test_stacks_of_others_are_left_out() -> None:
    assert stages("billing-dev", "orders", "myorders-dev") == {}


def test_the_longer_of_two_service_names_counts() -> None:
    assert stages("orders-archive-dev", services=("orders", "orders-archive")) == {"dev": ["orders-archive"]}


def test_without_services_there_are_no_stages() -> None:
    assert stages("orders-dev", services=()) == {}
