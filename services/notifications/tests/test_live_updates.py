"""Tickets, connecting pages and telling them of changes; the table of pages is a real one."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

import pytest

from devtools import local_tables
from notifications import wiring
from notifications.adapters.page_table import PageTable
from notifications.domain import audiences
from notifications.domain.connect_page import connect_page
from notifications.domain.issue_ticket import PAGE_SECONDS, PAGES_PER_PERSON, TICKET_SECONDS, issue_ticket
from notifications.handlers import connect_page as connecting
from notifications.handlers import issue_ticket as issuing
from notifications.handlers import push_order_change as pushing
from service_kit import testing
from service_kit.testing import bus_event, call, queue_message, rest_event

if TYPE_CHECKING:
    from botocore.stub import Stubber
    from mypy_boto3_dynamodb.service_resource import Table

    from service_kit.testing import StubClient

NOW = 1_769_860_800
ADA, BOB = audiences.customer("ada"), audiences.customer("bob")
FANGTASIA = audiences.restaurant("Fangtasia")


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> Table:
    local_tables.use_emulator(monkeypatch)
    return local_tables.make_table("notifications", "pages-table.yml")


@pytest.fixture
def pages(stored: Table, monkeypatch: pytest.MonkeyPatch) -> PageTable:
    """The pages that the handlers see."""
    made = PageTable(stored.name)
    monkeypatch.setattr(wiring, "pages", lambda: made)
    return made


class FakeSockets:
    """Connections that remember how often they were told, and may fail."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.failure: Exception | None = None

    def tell(self, connection_id: str) -> None:
        if self.failure is not None:
            raise self.failure
        self.told.append(connection_id)


@pytest.fixture
def sockets(monkeypatch: pytest.MonkeyPatch) -> FakeSockets:
    """The connections that the handler sees."""
    fake = FakeSockets()
    monkeypatch.setattr(wiring, "page_sockets", lambda: fake)
    return fake


def connect(
    pages: PageTable, connection_id: str, *, person: str = ADA, staff_of: str = "", at: int = NOW
) -> None:
    """Connect a page of a person."""
    restaurants = [staff_of] if staff_of else []
    ticket = issue_ticket(pages, person=person, restaurants=restaurants, now=at)
    assert connect_page(pages, ticket=ticket, connection_id=connection_id, now=at)


def test_a_connected_page_is_found_by_its_person_and_by_each_restaurant_of_its_ticket(
    pages: PageTable,
) -> None:
    connect(pages, "c1", staff_of=FANGTASIA)
    assert pages.connections(ADA, NOW) == ["c1"]
    assert pages.connections(FANGTASIA, NOW) == ["c1"]
    assert pages.connections(BOB, NOW) == []


def test_a_page_that_has_only_a_ticket_is_told_nothing(pages: PageTable) -> None:
    issue_ticket(pages, person=ADA, restaurants=[FANGTASIA], now=NOW)
    assert pages.connections(ADA, NOW) == []
    assert pages.connections(FANGTASIA, NOW) == []


def test_a_ticket_is_good_for_one_connection(pages: PageTable) -> None:
    ticket = issue_ticket(pages, person=ADA, restaurants=[], now=NOW)
    assert connect_page(pages, ticket=ticket, connection_id="c1", now=NOW)
    assert not connect_page(pages, ticket=ticket, connection_id="c2", now=NOW)
    assert pages.connections(ADA, NOW) == ["c1"]


def test_a_ticket_is_good_for_thirty_seconds(pages: PageTable) -> None:
    ticket = issue_ticket(pages, person=ADA, restaurants=[], now=NOW)
    assert not connect_page(pages, ticket=ticket, connection_id="c1", now=NOW + TICKET_SECONDS)
    assert connect_page(pages, ticket=ticket, connection_id="c1", now=NOW + TICKET_SECONDS - 1)


@pytest.mark.parametrize(
    "text",
    ["", "x", "..", "é" * 32, "a" * 100_000, "{person}.0.", "{person}.0.{secret}", "{person}.0.{secret}x"],
)
def test_no_other_text_is_a_ticket(pages: PageTable, text: str) -> None:
    issue_ticket(pages, person=ADA, restaurants=[], now=NOW)
    ticket = text.format(person=ADA, secret="s" * 32)
    assert not connect_page(pages, ticket=ticket, connection_id="c1", now=NOW)


def test_a_secret_opens_no_page_of_another_person(pages: PageTable) -> None:
    ticket = issue_ticket(pages, person=ADA, restaurants=[], now=NOW)
    issue_ticket(pages, person=BOB, restaurants=[], now=NOW)
    stolen = ticket.replace(ADA, BOB)
    assert not connect_page(pages, ticket=stolen, connection_id="c1", now=NOW)


def test_a_page_is_told_for_nine_minutes(pages: PageTable) -> None:
    connect(pages, "c1", staff_of=FANGTASIA)
    assert pages.connections(FANGTASIA, NOW + PAGE_SECONDS - 1) == ["c1"]
    assert pages.connections(FANGTASIA, NOW + PAGE_SECONDS) == []
    assert pages.connections(ADA, NOW + PAGE_SECONDS) == []


def test_a_person_has_ten_pages_and_one_more_takes_the_place_of_the_oldest(
    pages: PageTable, stored: Table
) -> None:
    for number in range(PAGES_PER_PERSON + 1):
        connect(pages, f"c{number}", at=NOW + number)
    assert sorted(pages.connections(ADA, NOW + 20)) == sorted(f"c{n}" for n in range(1, 11))
    assert len(stored.scan()["Items"]) == PAGES_PER_PERSON


def test_tickets_that_are_never_used_take_no_more_room_than_pages(pages: PageTable, stored: Table) -> None:
    for _ in range(2 * PAGES_PER_PERSON):
        issue_ticket(pages, person=ADA, restaurants=[], now=NOW)
    assert len(stored.scan()["Items"]) == PAGES_PER_PERSON


def test_what_is_expired_counts_no_more(pages: PageTable) -> None:
    for number in range(PAGES_PER_PERSON):
        connect(pages, f"c{number}")
    later = NOW + PAGE_SECONDS
    connect(pages, "new", at=later)
    assert pages.connections(ADA, later) == ["new"]


def test_neither_tables_nor_tickets_hold_who_somebody_is_or_a_secret(pages: PageTable, stored: Table) -> None:
    ticket = issue_ticket(pages, person=ADA, restaurants=[FANGTASIA], now=NOW)
    kept = str(stored.scan()["Items"])
    assert ticket.rpartition(".")[2] not in kept
    assert not re.search(r"\bada\b|Fangtasia", kept + ticket)


def test_everything_expires(pages: PageTable, stored: Table) -> None:
    connect(pages, "c1", staff_of=FANGTASIA)
    assert [item["expiresAt"] for item in stored.scan()["Items"]] == [NOW + PAGE_SECONDS] * 2


def test_a_signed_in_person_gets_the_address_of_a_connection(pages: PageTable) -> None:
    answer = call(issuing.handle, rest_event(caller="ada")).document
    url, _, ticket = answer["url"].partition("?ticket=")
    assert url == "wss://live.example/test"
    assert answer["expiresInSeconds"] == PAGE_SECONDS
    assert open_socket(ticket) == 200
    assert open_socket(ticket) == 403


def open_socket(ticket: str | None) -> int:
    """Call `$connect` as API Gateway does, and return the status."""
    event: dict[str, Any] = {
        "requestContext": {"routeKey": "$connect", "eventType": "CONNECT", "connectionId": "c1"},
        "headers": {"Host": "live.example"},
        "queryStringParameters": None if ticket is None else {"ticket": ticket},
        "isBase64Encoded": False,
    }
    status: int = connecting.handle(event, testing.lambda_context())["statusCode"]
    return status


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize("ticket", [None, "", "a.b.c"])
def test_without_a_ticket_nothing_connects(ticket: str | None) -> None:
    assert open_socket(ticket) == 403


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
    connect(pages, "other", person=BOB)
    connect(pages, "kitchen", person=audiences.customer("cook"), staff_of=FANGTASIA)
    connect(pages, "both", staff_of=FANGTASIA)
    assert testing.deliver(pushing.handle, change(customerId="ada")) == []
    assert sorted(sockets.told) == ["both", "customer", "kitchen"]


@pytest.mark.usefixtures("now")
def test_an_event_without_a_customer_is_told_to_the_restaurant(
    pages: PageTable, sockets: FakeSockets
) -> None:
    connect(pages, "customer")
    connect(pages, "kitchen", person=BOB, staff_of=FANGTASIA)
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
