from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from stagectl.checkout.services import Stack
from stagectl.deployment import partial_preview
from stagectl.deployment.partial_preview import Composition, PartialPreview
from stagectl.errors import UsageError

from ..fakes.ssm import FakeSsm

STACKS = {
    stack.name: stack
    for stack in (
        Stack("shared-infra", Path("shared-infra")),
        Stack("auth", Path("auth")),
        Stack("notifications", Path("n"), consumes=(("shared-infra", Path("x")),)),
        Stack("restaurants", Path("r"), consumes=(("auth", Path("x")),)),
        Stack("orders", Path("o"), consumes=(("auth", Path("x")), ("restaurants", Path("x")))),
        Stack("web", Path("w"), consumes=(("restaurants", Path("x")),)),
    )
}


def composed(*changed: str, already_there: Collection[str] = ()) -> Composition:
    files = {name: (f"services/{name}/x.py",) if name in changed else () for name in STACKS}
    return partial_preview.compose(STACKS, PartialPreview("dev", files, "origin/main"), already_there)


@pytest.mark.parametrize("name", ["notifications", "restaurants", "orders"])
def test_one_changed_service_is_deployed_alone_with_the_page_and_the_stages_own_bus(name: str) -> None:
    composition = composed(name)

    assert list(composition.deployed) == ["shared-infra", name, "web"]
    assert set(composition.from_base) == STACKS.keys() - {"shared-infra", name, "web"}


def test_a_changed_page_is_deployed_alone_with_the_stages_own_bus() -> None:
    assert list(composed("web").deployed) == ["shared-infra", "web"]


def test_a_changed_user_pool_brings_all_that_trust_its_tokens() -> None:
    assert list(composed("auth").deployed) == ["shared-infra", "auth", "restaurants", "orders", "web"]


def test_a_stage_without_a_change_gets_nothing_but_its_bus() -> None:
    assert list(composed().deployed) == ["shared-infra"]


def test_of_several_changed_services_those_that_consume_one_are_deployed_too() -> None:
    assert list(composed("auth", "notifications").deployed) == [
        "shared-infra",
        "auth",
        "notifications",
        "restaurants",
        "orders",
        "web",
    ]


def test_changed_services_that_nobody_consumes_bring_no_others() -> None:
    assert list(composed("notifications", "orders").deployed) == [
        "shared-infra",
        "notifications",
        "orders",
        "web",
    ]


def test_what_the_stage_has_already_stays_its_own() -> None:
    composition = composed("orders", already_there={"shared-infra", "notifications"})

    assert list(composition.deployed) == ["shared-infra", "notifications", "orders", "web"]
    assert composition.deployed["notifications"] == "on the stage already"


def test_it_is_told_why_each_is_deployed() -> None:
    assert composed("auth", "notifications").lines("dev") == [
        "  shared-infra: part of every stage",
        "  auth: services/auth/x.py changed since origin/main",
        "  notifications: services/notifications/x.py changed since origin/main",
        "  restaurants: consumes auth",
        "  orders: consumes auth",
        "  web: consumes restaurants",
    ]


def test_it_is_told_what_comes_from_the_base() -> None:
    assert composed("orders").lines("dev")[-1] == "  from dev: auth, notifications, restaurants"


def test_the_bases_configuration_is_read_unless_the_user_says_otherwise() -> None:
    assert partial_preview.with_configuration_of("dev", ["burst=1"]) == ["burst=1", "ssmStage=dev"]
    assert partial_preview.with_configuration_of("dev", ["ssmStage=x"]) == ["ssmStage=x"]


class FakeSession:
    """A target with one stage, dev, that has all but orders."""

    def __init__(self) -> None:
        self.ssm = FakeSsm()
        for name in ("auth", "restaurants", "shared-infra"):
            self.ssm.put_parameter(Name=f"/{name}/dev/url", Type="String", Value="there")

    def client(self, service: str) -> Any:
        return self.ssm if service == "ssm" else self

    def describe_stacks(self, **_: str) -> Any:
        raise ClientError({"Error": {"Message": "Stack does not exist"}}, "DescribeStacks")


def taken(stage: str, *changed: str, base: str = "dev") -> tuple[FakeSession, Composition]:
    session: Any = FakeSession()
    stacks = STACKS | {"orders": replace(STACKS["orders"], publishes_url=True)}
    files = {name: ("x.py",) if name in changed else () for name in stacks}
    return session, partial_preview.take(session, stage, stacks, PartialPreview(base, files, "main"))


def test_what_is_not_deployed_is_taken_from_the_base() -> None:
    session, composition = taken("preview-x", "orders")

    assert composition.from_base == ["auth", "notifications", "restaurants"]
    assert session.ssm.values()["/auth/preview-x/url"] == "there"
    assert session.ssm.values()["/notifications/preview-x/baseStage"] == "dev"


def test_a_base_that_lacks_a_service_is_refused_with_the_way_out() -> None:
    with pytest.raises(UsageError, match=r"Stage dev has no orders .*stagectl up --stage dev"):
        taken("preview-x", "restaurants")


def test_a_stage_is_not_its_own_base() -> None:
    with pytest.raises(UsageError, match="cannot be its own base"):
        taken("dev", "orders")
