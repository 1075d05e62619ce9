"""Events of orders are told to the pages of their customers and restaurants."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest

from notifications import wiring
from notifications.domain import audiences
from notifications.handlers import push_order_change as pushing
from service_kit import testing
from service_kit.testing import bus_event, queue_message

from .live_pages import NOW, FakeSockets, connect

if TYPE_CHECKING:
    from botocore.stub import Stubber

    from notifications.adapters.page_table import PageTable
    from service_kit.testing import StubClient


def change(what: str = "order_accepted", **detail: str) -> dict[str, Any]:
    return queue_message(
        "m1", bus_event({"orderId": "1", "restaurantName": "Fangtasia", **detail}, detail_type=what)
    )


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is noon."""
    monkeypatch.setattr("time.time", lambda: float(NOW))


@pytest.mark.usefixtures("now")
def test_a_change_is_told_to_the_pages_of_its_customer_and_restaurant_once(
    pages: PageTable, sockets: FakeSockets
) -> None:
    connect(pages, "customer")
    connect(pages, "other", person="bob")
    connect(pages, "kitchen", person="cook", staff_of="Fangtasia")
    connect(pages, "both", staff_of="Fangtasia")
    assert testing.deliver(pushing.handle, change(customerId="ada")) == []
    assert sorted(sockets.told) == ["both", "customer", "kitchen"]


@pytest.mark.usefixtures("now")
def test_an_event_without_a_customer_is_told_to_the_restaurant(
    pages: PageTable, sockets: FakeSockets
) -> None:
    connect(pages, "customer")
    connect(pages, "kitchen", person="bob", staff_of="Fangtasia")
    testing.deliver(pushing.handle, change("order_placed"))
    assert sockets.told == ["kitchen"]


@pytest.mark.usefixtures("now")
def test_a_change_that_could_not_be_told_comes_again(pages: PageTable, sockets: FakeSockets) -> None:
    connect(pages, "customer")
    sockets.failure = TimeoutError()
    assert testing.deliver(pushing.handle, change(customerId="ada")) == ["m1"]


@pytest.fixture
def connections(stub_client: StubClient, monkeypatch: pytest.MonkeyPatch) -> Stubber:
    """API Gateway, which answers what a test tells it to."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI", "https://live.example/test")
    return stub_client("apigatewaymanagementapi")


def test_a_message_says_that_orders_changed_and_nothing_of_them(connections: Stubber) -> None:
    connections.add_response(
        "post_to_connection", {}, {"ConnectionId": "c1", "Data": '{"changed": "orders"}'}
    )
    wiring.page_sockets().tell("c1")


def test_a_page_that_is_gone_is_left_out(connections: Stubber) -> None:
    connections.add_client_error("post_to_connection", "GoneException", http_status_code=410)
    wiring.page_sockets().tell("c1")


def test_audiences_of_customers_and_restaurants_never_meet() -> None:
    assert audiences.customer("a") != audiences.restaurant("a")
    assert audiences.customer("a") == hashlib.sha256(b"customer/a").hexdigest()[:32]
