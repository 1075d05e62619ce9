"""The environment of this service's function."""

from collections.abc import Iterator

import boto3.session
import pytest
from botocore.stub import Stubber

from service_kit import clients
from service_kit.settings import clear_settings

ENVIRONMENT = {
    "SERVICE_NAME": "auth",
    "STAGE": "test",
    "SERVICE_KIT_PARAMETERS": "off",
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_EC2_METADATA_DISABLED": "true",
}
NOT_SET = ("SSM_STAGE", "PARAMETERS_MAX_AGE_SECONDS", "AWS_ENDPOINT_URL", "AWS_PROFILE")


@pytest.fixture(autouse=True)
def function_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No settings that another test or service loaded are seen by a test, and none of them stay."""
    for name in NOT_SET:
        monkeypatch.delenv(name, raising=False)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    clear_settings()
    yield
    clear_settings()


@pytest.fixture
def cognito(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """Cognito, which answers what a test tells it to, if it is asked as the test says."""
    # Not service_kit's own, which would stay with these credentials for other suites of the same process.
    client = boto3.session.Session().client("cognito-idp")
    monkeypatch.setitem(clients._clients, "cognito-idp", client)
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()
