"""The environment of this service's functions, and its collaborators as fakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import service_kit.testing
from orders import wiring
from orders.handlers import place_order
from service_kit.parameters import override_parameters

from .orders_fakes import (
    FakeAllowances,
    FakeBus,
    FakeOrders,
    FakeRestaurants,
    FakeStaff,
    FakeUnpublished,
    FakeWaitingOrders,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from botocore.stub import Stubber

    from service_kit.testing import StubClient, StubTables

function_environment = service_kit.testing.function_environment(
    "orders",
    wiring,
    TABLE_NAME="orders-test",
    PAGE_SIZE="2",
    ALLOWANCES_TABLE_NAME="orders-test-allowances",
    ORDERS_PER_CUSTOMER="30",
    WINDOW_SECONDS="10",
    RESTAURANTS_MAX_AGE_SECONDS="60",
    STAFF_MAX_AGE_SECONDS="30",
    EVENT_BUS_NAME="big-mouth-test",
    EVENT_SOURCE="big-mouth",
    DEAD_LETTER_QUEUE_URL="https://sqs.eu-central-1.amazonaws.com/123456789012/unpublished",
    GIVE_UP_AFTER_SECONDS="900",
    QUEUE_URL="https://sqs.eu-central-1.amazonaws.com/123456789012/await-answer",
)


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """How long orders wait for an answer: as without a configuration."""
    with override_parameters(place_order.handle, config=place_order.PatienceConfig()):
        yield


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


@pytest.fixture
def staff(monkeypatch: pytest.MonkeyPatch) -> FakeStaff:
    """Who works where, as handlers see it: ada at Fangtasia, bob at Pizza Planet."""
    fake = FakeStaff(("Fangtasia", "ada@example.com"), ("Pizza Planet", "bob@example.com"))
    monkeypatch.setattr(wiring, "staff", lambda: fake)
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
def waiting_orders(monkeypatch: pytest.MonkeyPatch) -> FakeWaitingOrders:
    """The queue of waiting orders that handlers see."""
    fake = FakeWaitingOrders()
    monkeypatch.setattr(wiring, "waiting_orders", lambda: fake)
    return fake


@pytest.fixture
def dynamodb(stub_tables: StubTables) -> Stubber:
    """DynamoDB, which answers what a test tells it to, if it is asked as the test says."""
    return stub_tables("orders-test")


@pytest.fixture
def eventbridge(stub_client: StubClient) -> Stubber:
    """EventBridge, likewise."""
    return stub_client("events")


@pytest.fixture
def sqs(stub_client: StubClient) -> Stubber:
    """SQS, likewise."""
    return stub_client("sqs")
