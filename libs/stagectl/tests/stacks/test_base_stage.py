from typing import Any

import pytest

from stagectl.stacks import base_stage

from ..fakes.ssm import FakeSsm


@pytest.fixture
def ssm() -> Any:
    """An SSM in which the stage dev has auth and orders."""
    fake = FakeSsm()
    for name in ("/auth/dev/userPoolId", "/auth/dev/userPoolArn", "/orders/dev/serviceUrl"):
        fake.put_parameter(Name=name, Type="String", Value=f"value of {name}")
    return fake


def take(ssm: Any, *services: str, stage: str = "preview-x", base: str = "dev") -> None:
    base_stage.take(ssm, stage, base, {name: base_stage.published(ssm, name, base) for name in services})


def test_what_a_service_publishes_stands_on_the_stages_own_paths(ssm: Any) -> None:
    take(ssm, "auth")

    assert ssm.values()["/auth/preview-x/userPoolId"] == "value of /auth/dev/userPoolId"
    assert ssm.values()["/auth/preview-x/userPoolArn"] == "value of /auth/dev/userPoolArn"


def test_other_services_are_not_taken(ssm: Any) -> None:
    take(ssm, "auth")

    assert not [name for name in ssm.values() if name.startswith("/orders/preview-x")]


def test_it_is_told_which_services_are_taken_and_from_where(ssm: Any) -> None:
    take(ssm, "auth")

    assert base_stage.taken(ssm, "preview-x", ["auth", "orders"]) == {"auth": "dev"}


def test_more_services_than_ssm_tells_of_at_once_are_told_of(ssm: Any) -> None:
    services = [f"service{number}" for number in range(25)]
    take(ssm, *services)

    assert base_stage.taken(ssm, "preview-x", services) == dict.fromkeys(services, "dev")


def test_a_service_that_the_base_has_from_its_own_base_is_known_by_its_home(ssm: Any) -> None:
    take(ssm, "auth")

    take(ssm, "auth", stage="preview-y", base="preview-x")

    assert base_stage.taken(ssm, "preview-y", ["auth"]) == {"auth": "dev"}


def test_secrets_and_what_operators_write_are_not_copied(ssm: Any) -> None:
    ssm.put_parameter(Name="/auth/dev/secret", Type="SecureString", Value="secret")
    ssm.put_parameter(Name="/auth/dev/anything/config", Type="String", Value="{}")

    take(ssm, "auth")

    assert {name for name in ssm.values() if "preview-x" in name} == {
        "/auth/preview-x/baseStage",
        "/auth/preview-x/userPoolArn",
        "/auth/preview-x/userPoolId",
    }


def test_a_service_that_is_to_be_deployed_finds_its_paths_free(ssm: Any) -> None:
    before = ssm.values()
    take(ssm, "auth", "orders")

    base_stage.give_back(ssm, "preview-x", ["auth", "orders"])

    assert ssm.values() == before


def test_what_a_stage_publishes_itself_is_never_given_back(ssm: Any) -> None:
    before = ssm.values()

    base_stage.give_back(ssm, "dev", ["auth", "orders"])

    assert ssm.values() == before


@pytest.mark.parametrize("writes", [1, 2])
def test_copies_of_a_take_that_was_broken_off_are_given_back(ssm: Any, writes: int) -> None:
    before = ssm.values()
    ssm.fail_after_writes = writes
    with pytest.raises(ConnectionError):
        take(ssm, "auth")

    base_stage.give_back(ssm, "preview-x", ["auth"])

    assert ssm.values() == before


def test_taking_again_brings_the_copies_up_to_date(ssm: Any) -> None:
    take(ssm, "auth")
    ssm.put_parameter(Name="/auth/dev/userPoolId", Type="String", Value="another", Overwrite=True)

    take(ssm, "auth")

    assert ssm.values()["/auth/preview-x/userPoolId"] == "another"
