"""The environment of this service's function, and its collaborators as fakes."""

from collections.abc import Iterator

import pytest
from botocore.stub import Stubber

from notifications import wiring
from service_kit.clients import client
from service_kit.settings import clear_settings

from .notifications_fakes import FakeBus, FakeChannel, FakeDeliveries

ENVIRONMENT = {
    "SERVICE_NAME": "notifications",
    "STAGE": "test",
    "SERVICE_KIT_PARAMETERS": "off",
    "TOPIC_ARN": "arn:aws:sns:eu-central-1:123456789012:notifications-test-restaurants",
    "DELIVERIES_TABLE_NAME": "notifications-test-deliveries",
    "EVENT_BUS_NAME": "big-mouth-test",
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_EC2_METADATA_DISABLED": "true",
}
NOT_SET = ("SSM_STAGE", "PARAMETERS_MAX_AGE_SECONDS", "AWS_ENDPOINT_URL", "AWS_PROFILE")
# Named here, since a test may have put a fake in the place of one of them when it is cleared.
BUILDERS = (wiring.channel, wiring.deliveries, wiring.event_bus)


@pytest.fixture(autouse=True)
def function_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing that another test or service loaded or built is seen by a test, and nothing of it stays."""
    for name in NOT_SET:
        monkeypatch.delenv(name, raising=False)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    _forget()
    yield
    _forget()


def _forget() -> None:
    clear_settings()
    for build in BUILDERS:
        build.cache_clear()


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> FakeBus:
    """The bus that the handler sees."""
    fake = FakeBus()
    monkeypatch.setattr(wiring, "event_bus", lambda: fake)
    return fake


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch, bus: FakeBus) -> FakeChannel:
    """The way to restaurants that the handler sees."""
    fake = FakeChannel(bus)
    monkeypatch.setattr(wiring, "channel", lambda: fake)
    return fake


@pytest.fixture
def deliveries(monkeypatch: pytest.MonkeyPatch) -> FakeDeliveries:
    """The memory of what was delivered that the handler sees."""
    fake = FakeDeliveries()
    monkeypatch.setattr(wiring, "deliveries", lambda: fake)
    return fake


@pytest.fixture
def dynamodb() -> Iterator[Stubber]:
    """DynamoDB, which answers what a test tells it to, if it is asked as the test says."""
    with Stubber(client("dynamodb")) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def sns() -> Iterator[Stubber]:
    """SNS, likewise."""
    with Stubber(client("sns")) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def eventbridge() -> Iterator[Stubber]:
    """EventBridge, likewise."""
    with Stubber(client("events")) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()
