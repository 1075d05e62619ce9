"""The environment of this service's functions, and its collaborators as fakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import service_kit.testing
from orders import wiring
from orders.handlers import place_order
from service_kit.parameters import override_parameters
from service_kit.testing import fake

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

orders = fake(wiring, "orders", FakeOrders)
restaurants = fake(wiring, "restaurants", lambda: FakeRestaurants("Fangtasia", "Pizza Planet"))
staff = fake(
    wiring, "staff", lambda: FakeStaff(("Fangtasia", "ada@example.com"), ("Pizza Planet", "bob@example.com"))
)
bus = fake(wiring, "event_bus", FakeBus)
unpublished = fake(wiring, "unpublished", FakeUnpublished)
waiting_orders = fake(wiring, "waiting_orders", FakeWaitingOrders)


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """How long orders wait for an answer: as without a configuration."""
    with override_parameters(place_order.handle, config=place_order.PatienceConfig()):
        yield


@pytest.fixture(autouse=True)
def allowances(monkeypatch: pytest.MonkeyPatch) -> FakeAllowances:
    """How many orders customers may place, as handlers see it."""
    fake = FakeAllowances()
    monkeypatch.setattr(wiring, "allowances", lambda: fake)
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
