import os
from pathlib import Path
from typing import Any, ClassVar

import pytest

from stagectl import aws
from stagectl.checkout import Checkout
from stagectl.errors import UsageError
from stagectl.targets import emulator_environment, target

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


HOSTILE = {
    "AWS_PROFILE": "of-nobody",
    "AWS_DEFAULT_PROFILE": "of-nobody",
    "AWS_LOCAL_PROFILE": "of-nobody",
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-2",
    "AWS_CONFIG_FILE": "/broken",
    "AWS_SHARED_CREDENTIALS_FILE": "/broken",
    "AWS_SDK_LOAD_CONFIG": "1",
    "AWS_CA_BUNDLE": "/not/there.pem",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_USE_DUALSTACK_ENDPOINT": "true",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    "AWS_ENDPOINT_URL": "http://elsewhere:1",
    "AWS_ENDPOINT_URL_SQS": "http://elsewhere:1",
    "AWS_MAX_ATTEMPTS": "1",
    "AWS_RETRY_MODE": "nonsense",
    "AWS_STS_REGIONAL_ENDPOINTS": "legacy",
    "AWS_ROLE_ARN": "arn:aws:iam::1:role/theirs",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/not/there",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://elsewhere:1",
    "AWS_LAMBDA_FUNCTION_NAME": "theirs",
    "aws_client_timeout": "1",
    **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "proxy", "https_proxy"), "http://elsewhere:1"),
    **dict.fromkeys(("cafile", "HTTPS_CAFILE", "https_cafile"), "/not/there.pem"),
    **dict.fromkeys(("ca", "HTTPS_CA", "https_ca"), "none"),
}
LOCAL = {
    "AWS_ENDPOINT_URL": "http://127.0.0.1:4600",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    "AWS_EC2_METADATA_DISABLED": "true",
    "BIGMOUTH_PORT": "4600",
    "SLS_AWS_MONITORING_FREQUENCY": "100",
    "PATH": "/bin",
}


def test_nothing_that_aws_tools_read_reaches_the_stage_local(checkout: Checkout) -> None:
    found = resolve(checkout, "local", {**HOSTILE, "PATH": "/bin"}, port=4600)

    assert found.environment == LOCAL


def test_neither_does_it_reach_the_emulator_and_its_lambdas(tmp_path: Path) -> None:
    environment = emulator_environment.for_emulator(4600, tmp_path, {**HOSTILE, "HOME": "/home/ada"})

    assert {name: value for name, value in environment.items() if name.startswith(("AWS_", "aws_"))} == {
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    assert "elsewhere" not in str(environment)


def test_what_needs_no_aws_gets_none_of_the_users(checkout: Checkout) -> None:
    found = emulator_environment.without_aws({**HOSTILE, "PATH": "/bin"})

    assert found["PATH"] == "/bin"
    assert found["HTTPS_PROXY"] == "http://elsewhere:1", "what is downloaded comes through it"
    assert {name for name in found if name.startswith("AWS_")} == {
        "AWS_CONFIG_FILE",
        "AWS_SHARED_CREDENTIALS_FILE",
        "AWS_EC2_METADATA_DISABLED",
    }


class FakeSts:
    """A session whose only client knows whose credentials there are."""

    regions: ClassVar[list[str]] = []

    def client(self, service: str, *, region_name: str) -> "FakeSts":
        assert service == "sts"
        self.regions.append(region_name)
        return self

    def get_caller_identity(self) -> dict[str, str]:
        return {"Account": "123456789012"}


def test_nothing_is_done_on_aws_without_a_region(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws, "session", FakeSts)
    nowhere = resolve(checkout, "dev", {"AWS_CONFIG_FILE": os.devnull})
    somewhere = resolve(checkout, "dev", {"AWS_REGION": "eu-west-1"})

    with pytest.raises(UsageError, match=r"No AWS region\. Pass --region, set AWS_REGION, or"):
        target.account_id(nowhere)
    assert target.account_id(somewhere) == "123456789012"
    assert FakeSts.regions == ["us-east-1", "eu-west-1"]


def test_an_emulator_of_the_users_own_needs_no_region(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", {})
    user = {"AWS_ENDPOINT_URL": "http://127.0.0.1:5000", "AWS_CONFIG_FILE": os.devnull}
    resolve(checkout, "dev", user).enter()

    assert os.environ["AWS_REGION"] == os.environ["AWS_DEFAULT_REGION"] == "us-east-1"


def test_the_profiles_region_is_used(checkout: Checkout, tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text("[profile work]\nregion = eu-central-1\n")
    user = {"AWS_PROFILE": "work", "AWS_CONFIG_FILE": str(config)}

    environment = resolve(checkout, "dev", user).environment
    assert (environment["AWS_REGION"], environment["AWS_DEFAULT_REGION"]) == ("eu-central-1", "eu-central-1")


def test_an_empty_endpoint_is_none(checkout: Checkout) -> None:
    assert resolve(checkout, "dev", {"AWS_ENDPOINT_URL": "", "AWS_REGION": "eu-west-1"}).description == "AWS"


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
