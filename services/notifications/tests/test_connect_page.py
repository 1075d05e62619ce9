"""GET $connect: a ticket opens a connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from notifications.domain.connect_page import connect_page
from notifications.domain.issue_ticket import PAGE_SECONDS, TICKET_SECONDS

from .live_pages import ADA, BOB, FANGTASIA, NOW, a_ticket, connect, open_socket

if TYPE_CHECKING:
    from notifications.adapters.page_table import PageTable


def test_a_connected_page_is_found_by_its_person_and_by_each_restaurant_of_its_ticket(
    pages: PageTable,
) -> None:
    connect(pages, "c1", staff_of="Fangtasia")
    assert pages.connections(ADA, NOW) == ["c1"]
    assert pages.connections(FANGTASIA, NOW) == ["c1"]
    assert pages.connections(BOB, NOW) == []


def test_a_page_that_has_only_a_ticket_is_told_nothing(pages: PageTable) -> None:
    a_ticket(pages, staff_of="Fangtasia")
    assert pages.connections(ADA, NOW) == []
    assert pages.connections(FANGTASIA, NOW) == []


def test_a_ticket_is_good_for_one_connection(pages: PageTable) -> None:
    ticket = a_ticket(pages)
    assert connect_page(pages, ticket=ticket, connection_id="c1", now=NOW)
    assert not connect_page(pages, ticket=ticket, connection_id="c2", now=NOW)
    assert pages.connections(ADA, NOW) == ["c1"]


def test_a_ticket_is_good_for_thirty_seconds(pages: PageTable) -> None:
    ticket = a_ticket(pages)
    assert not connect_page(pages, ticket=ticket, connection_id="c1", now=NOW + TICKET_SECONDS)
    assert connect_page(pages, ticket=ticket, connection_id="c1", now=NOW + TICKET_SECONDS - 1)


@pytest.mark.parametrize(
    "text",
    ["", "x", "..", "é" * 32, "a" * 100_000, "{person}.0.", "{person}.0.{secret}", "{person}.0.{secret}x"],
)
def test_no_other_text_is_a_ticket(pages: PageTable, text: str) -> None:
    a_ticket(pages)
    ticket = text.format(person=ADA, secret="s" * 32)
    assert not connect_page(pages, ticket=ticket, connection_id="c1", now=NOW)


def test_a_secret_opens_no_page_of_another_person(pages: PageTable) -> None:
    ticket = a_ticket(pages)
    a_ticket(pages, person="bob")
    stolen = ticket.replace(ADA, BOB)
    assert not connect_page(pages, ticket=stolen, connection_id="c1", now=NOW)


def test_a_page_is_told_for_nine_minutes(pages: PageTable) -> None:
    connect(pages, "c1", staff_of="Fangtasia")
    assert pages.connections(FANGTASIA, NOW + PAGE_SECONDS - 1) == ["c1"]
    assert pages.connections(FANGTASIA, NOW + PAGE_SECONDS) == []
    assert pages.connections(ADA, NOW + PAGE_SECONDS) == []


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize("ticket", [None, "", "a.b.c"])
def test_without_a_ticket_nothing_connects(ticket: str | None) -> None:
    assert open_socket(ticket) == 403
