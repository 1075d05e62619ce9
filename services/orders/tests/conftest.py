"""The environment of this service's functions, and its collaborators as fakes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import boto3.session
import pytest
from botocore.stub import Stubber

from orders import wiring
from service_kit import clients
from service_kit.settings import clear_settings

from .orders_fakes import (
    FakeAllowances,
    FakeBus,
    FakeOrders,
    FakeRestaurants,
    FakeUnpublished,
    FakeWaiting,
    FakeWaits,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_events.client import EventBridgeClient

ENVIRONMENT = {
    "SERVICE_NAME": "orders",
    "STAGE": "test",
    "SERVICE_KIT_PARAMETERS": "off",
    "TABLE_NAME": "orders-test",
    "PAGE_SIZE": "2",
    "ALLOWANCES_TABLE_NAME": "orders-test-allowances",
    "ORDERS_PER_CUSTOMER": "30",
    "WINDOW_SECONDS": "10",
    "RESTAURANTS_MAX_AGE_SECONDS": "60",
    "EVENT_BUS_NAME": "big-mouth-test",
    "EVENT_SOURCE": "big-mouth",
    "DEAD_LETTER_QUEUE_URL": "https://sqs.eu-central-1.amazonaws.com/123456789012/unpublished",
    "GIVE_UP_AFTER_SECONDS": "900",
    "STATE_MACHINE_ARN": "arn:aws:states:eu-central-1:123456789012:stateMachine:await-answer",
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_EC2_METADATA_DISABLED": "true",
}
NOT_SET = (
    "SSM_STAGE",
    "PARAMETERS_MAX_AGE_SECONDS",
    "CORS_ALLOWED_ORIGIN",
    "AWS_ENDPOINT_URL",
    "AWS_PROFILE",
)
# Named here, since a test may have put a fake in the place of one of them when it is cleared.
BUILDERS = (
    wiring.orders,
    wiring.restaurants,
    wiring.allowances,
    wiring.event_bus,
    wiring.unpublished,
    wiring.waits,
    wiring.waiting,
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
def orders(monkeypatch: pytest.MonkeyPatch) -> FakeOrders:
    """The orders that handlers see."""
    fake = FakeOrders()
    monkeypatch.setattr(wiring, "orders", lambda: fake)
    return fake


@pytest.fixture
def restaurants(monkeypatch: pytest.MonkeyPatch) -> FakeRestaurants:
    """The catalogue that handlers see."""
    fake = FakeRestaurants("Fangtasia", "Pizza Planet")
    monkeypatch.setattr(wiring, "restaurants", lambda: fake)
    return fake


@pytest.fixture(autouse=True)
def allowances(monkeypatch: pytest.MonkeyPatch) -> FakeAllowances:
    """How many orders customers may place, as handlers see it."""
    fake = FakeAllowances()
    monkeypatch.setattr(wiring, "allowances", lambda: fake)
    return fake


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> FakeBus:
    """The bus that handlers see."""
    fake = FakeBus()
    monkeypatch.setattr(wiring, "event_bus", lambda: fake)
    return fake


@pytest.fixture
def unpublished(monkeypatch: pytest.MonkeyPatch) -> FakeUnpublished:
    """The place for what handlers could not publish."""
    fake = FakeUnpublished()
    monkeypatch.setattr(wiring, "unpublished", lambda: fake)
    return fake


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> FakeWaiting:
    """What waits for the answers that handlers bring."""
    fake = FakeWaiting()
    monkeypatch.setattr(wiring, "waiting", lambda: fake)
    return fake


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> FakeWaits:
    """What handlers start to wait with."""
    fake = FakeWaits()
    monkeypatch.setattr(wiring, "waits", lambda: fake)
    return fake


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """DynamoDB, which answers what a test tells it to, if it is asked as the test says."""
    monkeypatch.setitem(clients._tables, "orders-test", _table())
    with Stubber(_table().meta.client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def eventbridge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """EventBridge, likewise."""
    monkeypatch.setitem(clients._clients, "events", _events())
    with Stubber(_events()) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def step_functions(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """Step Functions, likewise."""
    client = boto3.session.Session().client("stepfunctions")
    monkeypatch.setitem(clients._clients, "stepfunctions", client)
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def sqs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """SQS, likewise."""
    client = boto3.session.Session().client("sqs")
    monkeypatch.setitem(clients._clients, "sqs", client)
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


# Not service_kit's own, which would stay with these credentials for other suites of the same process.
@cache
def _table() -> Table:
    return boto3.session.Session().resource("dynamodb").Table("orders-test")


@cache
def _events() -> EventBridgeClient:
    return boto3.session.Session().client("events")
