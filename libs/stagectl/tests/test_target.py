import os
from typing import Any

import pytest

from stagectl import target
from stagectl.checkout import Checkout
from stagectl.errors import UsageError

USER = {
    "PATH": "/bin",
    "AWS_PROFILE": "work",
    "AWS_SECRET_ACCESS_KEY": "precious",
    "AWS_SESSION_TOKEN": "token",
    "HTTPS_PROXY": "http://proxy",
    "http_proxy": "http://proxy",
}


def resolve(checkout: Checkout, stage: str, user: dict[str, str], **options: Any) -> target.Target:
    return target.resolve(checkout, stage, user=user, **options)


def test_the_stage_local_is_on_the_emulator_and_sees_nothing_of_the_users(checkout: Checkout) -> None:
    environment = resolve(checkout, "local", {**USER, "BIGMOUTH_PORT": "4600"}).environment

    assert environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4600"
    assert environment["AWS_ACCESS_KEY_ID"] == environment["AWS_SECRET_ACCESS_KEY"] == "test"
    assert environment["AWS_REGION"] == environment["AWS_DEFAULT_REGION"] == "us-east-1"
    assert environment["PATH"] == "/bin"
    assert environment["BIGMOUTH_PORT"] == "4600"
    gone = {"AWS_PROFILE", "AWS_SESSION_TOKEN", "HTTPS_PROXY", "http_proxy"}
    assert gone.isdisjoint(environment)


def test_the_stage_local_ignores_an_endpoint_that_is_set(checkout: Checkout) -> None:
    found = resolve(checkout, "local", {"AWS_ENDPOINT_URL": "http://elsewhere:1"})

    assert found.environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4566"


def test_another_stage_is_on_aws_with_the_users_credentials(checkout: Checkout) -> None:
    found = resolve(checkout, "dev", USER)

    assert (found.is_emulator, found.emulator) == (False, None)
    assert found.environment["AWS_PROFILE"] == "work"
    assert "AWS_ENDPOINT_URL" not in found.environment


def test_another_stage_can_be_put_on_the_emulator(checkout: Checkout) -> None:
    found = resolve(checkout, "pr-1", USER, use_emulator=True, port=4700)

    assert found.emulator is not None
    assert found.emulator.port == 4700


@pytest.mark.parametrize(
    ("endpoint", "is_emulator"), [("http://127.0.0.1:5000", True), ("https://aws.example.com", False)]
)
def test_an_endpoint_is_an_emulator_when_it_is_on_this_machine(
    checkout: Checkout, endpoint: str, is_emulator: bool
) -> None:
    found = resolve(checkout, "dev", {"AWS_ENDPOINT_URL": endpoint})

    assert found.is_emulator is is_emulator
    assert found.environment["AWS_ENDPOINT_URL"] == endpoint


def test_the_region_is_the_same_for_sls_and_the_sdk(checkout: Checkout) -> None:
    environment = resolve(checkout, "dev", {"AWS_DEFAULT_REGION": "eu-central-1"}).environment

    assert environment["AWS_REGION"] == "eu-central-1"


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "4566.5", "٣"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(UsageError, match="BIGMOUTH_PORT"):
        target.default_port({"BIGMOUTH_PORT": port})


def test_entering_a_target_exchanges_the_environment(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", dict(USER))

    resolve(checkout, "local", USER).enter()

    assert os.environ["AWS_SECRET_ACCESS_KEY"] == "test"
    assert "AWS_PROFILE" not in os.environ
