"""POST /live/tickets: what opens a connection, and for how long."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notifications.domain.issue_ticket import PAGE_SECONDS, PAGES_PER_PERSON, issue_ticket
from notifications.handlers import issue_ticket as issuing
from service_kit.testing import call, rest_event

from .live_pages import ADA, FANGTASIA, NOW, connect, open_socket

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
