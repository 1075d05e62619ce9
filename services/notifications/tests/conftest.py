"""The environment of this service's function, and its collaborators as fakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import service_kit.testing
from devtools import local_tables
from notifications import wiring
from notifications.adapters.page_table import PageTable
from service_kit.testing import fake

from .live_pages import FakeSockets, FakeStaff
from .notifications_fakes import FakeBus, FakeChannel, FakeCustomerChannel, FakeDeliveries

if TYPE_CHECKING:
    from botocore.stub import Stubber
    from mypy_boto3_dynamodb.service_resource import Table

    from service_kit.testing import StubClient

function_environment = service_kit.testing.function_environment(
    "notifications",
    wiring,
    TOPIC_ARN="arn:aws:sns:eu-central-1:123456789012:notifications-test-restaurants",
    DELIVERIES_TABLE_NAME="notifications-test-deliveries",
    EVENT_BUS_NAME="big-mouth-test",
    EVENT_SOURCE="big-mouth",
    PAGES_TABLE_NAME="notifications-test-pages",
    LIVE_URL="wss://live.example/test",
)

bus = fake(wiring, "event_bus", FakeBus)
deliveries = fake(wiring, "deliveries", FakeDeliveries)
sockets = fake(wiring, "page_sockets", FakeSockets)
staff = fake(wiring, "staff", lambda: FakeStaff(("Fangtasia", "ada@example.com")))


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch, bus: FakeBus) -> FakeChannel:
    """The way to restaurants that the handler sees."""
    fake = FakeChannel(bus)
    monkeypatch.setattr(wiring, "channel", lambda: fake)
    return fake


@pytest.fixture
def dynamodb(stub_client: StubClient) -> Stubber:
    """DynamoDB, which answers what a test tells it to, if it is asked as the test says."""
    return stub_client("dynamodb")


@pytest.fixture
def sns(stub_client: StubClient) -> Stubber:
    """SNS, likewise."""
    return stub_client("sns")


@pytest.fixture
def eventbridge(stub_client: StubClient) -> Stubber:
    """EventBridge, likewise."""
    return stub_client("events")


@pytest.fixture
def customer_channel(monkeypatch: pytest.MonkeyPatch) -> FakeCustomerChannel:
    """The customers that handlers tell, once."""
    fake, deliveries = FakeCustomerChannel(), FakeDeliveries()
    monkeypatch.setattr(wiring, "customer_channel", lambda: fake)
    monkeypatch.setattr(wiring, "customer_deliveries", lambda: deliveries)
    return fake


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> Table:
    """The table of pages."""
    local_tables.use_emulator(monkeypatch)
    return local_tables.make_table("notifications", "pages-table.yml")


@pytest.fixture
def pages(stored: Table, monkeypatch: pytest.MonkeyPatch) -> PageTable:
    """The pages that the handlers see."""
    made = PageTable(stored.name)
    monkeypatch.setattr(wiring, "pages", lambda: made)
    return made
