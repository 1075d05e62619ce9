"""Which stacks are a stage's, which only look like them, and which need which."""

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from stagectl.checkout.services import Stack as Service
from stagectl.stacks import stage_stacks
from stagectl.stacks.stack_states import StackStates
from stagectl.stacks.stage_stacks import PROJECT, StageStacks

from ..fakes.cloud import FakeCloud, Stack, stack

STAGE = "preview-a"
KNOWN = ("shared-infra", "orders")


def states(cloud: FakeCloud) -> StackStates:
    client: Any = cloud
    return StackStates(client, client, is_emulator=False)


def find(*stacks: Stack, denied: tuple[str, ...] = ()) -> StageStacks:
    cloud = FakeCloud(*stacks)
    cloud.denied = set(denied)
    return stage_stacks.find(states(cloud), STAGE, KNOWN)


def own(*stacks: Stack) -> dict[str, str]:
    """Return the name of each service's stack among some."""
    return {service: status.name for service, status in find(*stacks).own.items()}


def test_a_stages_stacks_are_found_by_service_whether_or_not_the_checkout_knows_it() -> None:
    assert own(stack(STAGE, "orders"), stack(STAGE, "billing")) == {
        "orders": "orders-preview-a",
        "billing": "billing-preview-a",
    }


@pytest.mark.parametrize(
    "other",
    [
        stack("preview-a-b", "orders"),
        stack("b-preview-a", "orders"),
        stack("preview", "orders"),
        stack(STAGE, "billing", tags={"project": "another"}),
        stack(STAGE, "billing", tags={"stage": "preview-b"}),
        stack(STAGE, "billing", tags={"service": "payments"}),
        Stack("billing-preview-a"),
        Stack("billing-preview-a", tags={"project": PROJECT, "service": "billing"}),
        Stack("billing-preview-a", tags={"stage": STAGE, "service": "billing"}),
    ],
    ids=lambda one: f"{one.name} {one.tags}",
)
def test_a_stack_of_another_stage_or_that_does_not_say_all_is_not_the_stages(other: Stack) -> None:
    assert find(other) == StageStacks()


def test_a_stack_that_is_called_like_one_of_the_checkouts_is_the_stages_unless_its_tags_deny_it() -> None:
    assert own(Stack("orders-preview-a")) == {"orders": "orders-preview-a"}
    assert own(Stack("orders-preview-a", tags={"project": PROJECT})) == {"orders": "orders-preview-a"}
    assert own(Stack("orders-preview-a", tags={"stage": STAGE})) == {"orders": "orders-preview-a"}


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        ({"project": "another"}, "project another"),
        ({"stage": "prod"}, "stage prod"),
        ({"project": PROJECT, "stage": "prod", "owner": "ada"}, f"project {PROJECT}, stage prod"),
        ({"project": "another", "stage": STAGE}, "project another, stage preview-a"),
    ],
)
def test_a_stack_whose_tags_deny_it_is_a_stranger_of_whom_the_tags_are_told(
    tags: dict[str, str], said: str
) -> None:
    assert find(Stack("orders-preview-a", tags=tags)) == StageStacks({}, {"orders-preview-a": said})


def test_a_stack_that_is_gone_is_nobodys() -> None:
    class Going(FakeCloud):
        def list_stacks(self) -> Any:
            yield from super().list_stacks()
            del self.stacks["orders-preview-a"]

    cloud = Going(stack(STAGE, "orders"), stack(STAGE, "shared-infra"))

    assert list(stage_stacks.find(states(cloud), STAGE, KNOWN).own) == ["shared-infra"]


def test_who_may_not_list_stacks_is_told_and_finds_those_of_the_checkout(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = find(stack(STAGE, "orders"), stack(STAGE, "billing"), denied=("list_stacks",))

    assert list(found.own) == ["orders"]
    assert capsys.readouterr().err == (
        "The credentials may not list stacks: only those of this checkout's services are found.\n"
    )


def test_who_may_list_stacks_is_told_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    find(stack(STAGE, "orders"))

    assert capsys.readouterr().err == ""


def test_a_stack_that_may_not_be_looked_at_is_not_ours_and_the_others_are_found() -> None:
    billing, orders = stack(STAGE, "billing"), stack(STAGE, "orders")

    assert list(find(billing, orders, denied=("look at billing-preview-a",)).own) == ["orders"]


def test_a_stack_of_the_checkout_that_may_not_be_looked_at_is_no_stack_that_is_not_there() -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        find(stack(STAGE, "orders"), denied=("look at orders-preview-a",))


@pytest.mark.parametrize("operation", ["list_stacks", "look at billing-preview-a"])
def test_a_failure_that_is_no_refusal_is_not_taken_for_one(operation: str) -> None:
    class Throttled(FakeCloud):
        def _check(self, asked: str) -> None:
            if asked == operation:
                raise ClientError({"Error": {"Code": "Throttling", "Message": "later"}}, asked)

    with pytest.raises(ClientError, match="Throttling"):
        stage_stacks.find(states(Throttled(stack(STAGE, "billing"))), STAGE, KNOWN)


def reading(*producers: str) -> dict[str, Any]:
    return {"Resources": {name: {"Value": f"{{{{resolve:ssm:/{name}/preview-a/x}}}}"} for name in producers}}


def needs(*stacks: Stack, **declared: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """Return what the stacks of a stage need, with what the checkout says that its own do."""
    cloud = FakeCloud(*stacks)
    services = {
        name: Service(name, Path(), consumes=tuple((one, Path()) for one in producers))
        for name, producers in declared.items()
    }
    found = stage_stacks.find(states(cloud), STAGE, [one.tags["service"] for one in stacks]).own
    return stage_stacks.dependencies(states(cloud), found, services)


def test_a_stack_needs_what_its_own_template_reads() -> None:
    found = needs(
        stack(STAGE, "orders", template=reading("auth")),
        stack(STAGE, "auth"),
        stack(STAGE, "menu"),
        orders=("menu",),
    )

    assert found == {"orders": frozenset({"auth"}), "auth": frozenset(), "menu": frozenset()}


def test_a_stack_whose_template_says_nothing_needs_what_the_checkout_says() -> None:
    found = needs(stack(STAGE, "orders"), stack(STAGE, "auth"), orders=("auth", "not-there"))

    assert found == {"orders": frozenset({"auth"}), "auth": frozenset()}


def test_no_stack_needs_itself() -> None:
    assert needs(stack(STAGE, "orders", template=reading("orders"))) == {"orders": frozenset()}


def test_of_stacks_that_need_one_another_what_closes_the_circle_is_left_out() -> None:
    found = needs(
        stack(STAGE, "a", template=reading("b")),
        stack(STAGE, "b", template=reading("c")),
        stack(STAGE, "c", template=reading("a", "d")),
        stack(STAGE, "d"),
    )

    assert found == {
        "a": frozenset({"b"}),
        "b": frozenset({"c"}),
        "c": frozenset({"d"}),
        "d": frozenset(),
    }


def test_stacks_that_need_the_same_one_are_no_circle() -> None:
    found = needs(
        stack(STAGE, "a", template=reading("b", "c")),
        stack(STAGE, "b", template=reading("d")),
        stack(STAGE, "c", template=reading("d")),
        stack(STAGE, "d"),
    )

    assert found == {
        "a": frozenset({"b", "c"}),
        "b": frozenset({"d"}),
        "c": frozenset({"d"}),
        "d": frozenset(),
    }
