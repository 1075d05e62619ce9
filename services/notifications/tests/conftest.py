"""The environment of this service's function, and its collaborators as fakes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal, TypeAlias

import boto3.session
import pytest
from botocore.stub import Stubber

from notifications import wiring
from service_kit import clients
from service_kit.settings import clear_settings

from .notifications_fakes import FakeBus, FakeChannel, FakeCustomerChannel, FakeDeliveries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from botocore.client import BaseClient

ServiceName: TypeAlias = Literal["dynamodb", "events", "sns"]

ENVIRONMENT = {
    "SERVICE_NAME": "notifications",
    "STAGE": "test",
    "SERVICE_KIT_PARAMETERS": "off",
    "TOPIC_ARN": "arn:aws:sns:eu-central-1:123456789012:notifications-test-restaurants",
    "DELIVERIES_TABLE_NAME": "notifications-test-deliveries",
    "EVENT_BUS_NAME": "big-mouth-test",
    "EVENT_SOURCE": "big-mouth",
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_EC2_METADATA_DISABLED": "true",
}
NOT_SET = ("SSM_STAGE", "PARAMETERS_MAX_AGE_SECONDS", "AWS_ENDPOINT_URL", "AWS_PROFILE")
# Named here, since a test may have put a fake in the place of one of them when it is cleared.
BUILDERS = (
    wiring.channel,
    wiring.deliveries,
    wiring.event_bus,
    wiring.customer_channel,
    wiring.customer_deliveries,
)


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
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """DynamoDB, which answers what a test tells it to, if it is asked as the test says."""
    yield from _stubbed("dynamodb", monkeypatch)


@pytest.fixture
def sns(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """SNS, likewise."""
    yield from _stubbed("sns", monkeypatch)


@pytest.fixture
def eventbridge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """EventBridge, likewise."""
    yield from _stubbed("events", monkeypatch)


def _stubbed(service_name: ServiceName, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    monkeypatch.setitem(clients._clients, service_name, _client(service_name))
    with Stubber(_client(service_name)) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


# Not service_kit's own, which would stay with these credentials for other suites of the same process.
@cache
def _client(service_name: ServiceName) -> BaseClient:
    return boto3.session.Session().client(service_name)


@pytest.fixture
def customer_channel(monkeypatch: pytest.MonkeyPatch) -> FakeCustomerChannel:
    """The customers that handlers tell, once."""
    fake, deliveries = FakeCustomerChannel(), FakeDeliveries()
    monkeypatch.setattr(wiring, "customer_channel", lambda: fake)
    monkeypatch.setattr(wiring, "customer_deliveries", lambda: deliveries)
    return fake
