"""POST /live/tickets: what opens a connection, and for how long."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest

from notifications.domain.issue_ticket import PAGE_SECONDS, PAGES_PER_PERSON
from notifications.handlers import issue_ticket as issuing
from service_kit.aws import UpstreamRefused, UpstreamUnavailable
from service_kit.testing import Reply, call, rest_event

from .live_pages import ADA, FANGTASIA, NOW, FakeStaff, a_ticket, connect, open_socket

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

    from notifications.adapters.page_table import PageTable


def test_a_person_has_ten_pages_and_one_more_takes_the_place_of_the_oldest(
    pages: PageTable, stored: Table
) -> None:
    for number in range(PAGES_PER_PERSON + 1):
        connect(pages, f"c{number}", at=NOW + number)
    assert sorted(pages.connections(ADA, NOW + 20)) == sorted(f"c{n}" for n in range(1, 11))
    assert len(stored.scan()["Items"]) == PAGES_PER_PERSON


def test_tickets_that_are_never_used_take_no_more_room_than_pages(pages: PageTable, stored: Table) -> None:
    for _ in range(2 * PAGES_PER_PERSON):
        a_ticket(pages)
    assert len(stored.scan()["Items"]) == PAGES_PER_PERSON


def test_what_is_expired_counts_no_more(pages: PageTable) -> None:
    for number in range(PAGES_PER_PERSON):
        connect(pages, f"c{number}")
    later = NOW + PAGE_SECONDS
    connect(pages, "new", at=later)
    assert pages.connections(ADA, later) == ["new"]


def test_neither_tables_nor_tickets_hold_who_somebody_is_or_a_secret(pages: PageTable, stored: Table) -> None:
    ticket = a_ticket(pages, staff_of="Fangtasia")
    kept = str(stored.scan()["Items"])
    assert ticket.rpartition(".")[2] not in kept
    assert not re.search(r"\bada\b|Fangtasia", kept + ticket)


def test_everything_expires(pages: PageTable, stored: Table) -> None:
    connect(pages, "c1", staff_of="Fangtasia")
    assert [item["expiresAt"] for item in stored.scan()["Items"]] == [NOW + PAGE_SECONDS] * 2


def ask(caller: str = "ada", **query: str) -> Reply:
    return call(issuing.handle, rest_event(caller=caller, query=query or None))


def connected_with(reply: Reply) -> str:
    """Connect with the ticket of an answer, and return the URL that it is for."""
    assert reply.status == 200, reply.document
    url, _, ticket = reply.document["url"].partition("?ticket=")
    assert open_socket(ticket) == 200
    assert open_socket(ticket) == 403
    return str(url)


@pytest.mark.usefixtures("pages", "staff")
def test_a_signed_in_person_gets_the_address_of_a_connection() -> None:
    answer = ask()
    assert connected_with(answer) == "wss://live.example/test"
    assert answer.document["expiresInSeconds"] == PAGE_SECONDS


@pytest.mark.usefixtures("staff")
def test_a_page_of_staff_is_told_of_the_restaurants_orders_and_of_their_own(pages: PageTable) -> None:
    connected_with(ask(restaurantName="  Fangtasia "))
    assert pages.connections(FANGTASIA, int(time.time())) == ["c1"]
    assert pages.connections(ADA, int(time.time())) == ["c1"]


@pytest.mark.usefixtures("staff")
def test_a_page_that_names_no_restaurant_is_told_of_none(pages: PageTable) -> None:
    connected_with(ask())
    assert pages.connections(FANGTASIA, int(time.time())) == []


@pytest.mark.usefixtures("pages", "staff")
@pytest.mark.parametrize(("caller", "restaurant"), [("bob", "Fangtasia"), ("ada", "Pizza Planet")])
def test_who_is_not_staff_gets_no_ticket_for_the_restaurant(
    stored: Table, caller: str, restaurant: str
) -> None:
    assert ask(caller, restaurantName=restaurant).status == 403
    assert stored.scan()["Items"] == []


@pytest.mark.usefixtures("pages", "staff")
def test_an_address_that_is_not_verified_makes_nobody_staff() -> None:
    event = rest_event(caller="ada", query={"restaurantName": "Fangtasia"})
    event["requestContext"]["authorizer"]["claims"]["email_verified"] = "false"
    assert call(issuing.handle, event).status == 403


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize(
    ("failure", "status"), [(UpstreamUnavailable("down"), 503), (UpstreamRefused("refused", 403), 500)]
)
def test_while_it_is_not_known_who_is_staff_only_pages_of_customers_get_tickets(
    stored: Table, staff: FakeStaff, failure: Exception, status: int
) -> None:
    staff.failure = failure
    assert ask(restaurantName="Fangtasia").status == status
    assert stored.scan()["Items"] == []
    connected_with(ask())


@pytest.mark.usefixtures("pages", "staff")
@pytest.mark.parametrize("name", ["", " ", "a/b", "..", "a\u202eb", "x" * 101])
def test_what_is_no_name_of_a_restaurant_is_refused(name: str) -> None:
    assert ask(restaurantName=name).status == 400
