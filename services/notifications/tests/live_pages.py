"""Pages that hear of changes: people, connections, and how to connect one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from notifications.domain import audiences
from notifications.domain.connect_page import connect_page
from notifications.domain.issue_ticket import issue_ticket
from notifications.handlers import connect_page as connecting
from service_kit import testing

if TYPE_CHECKING:
    from notifications.adapters.page_table import PageTable


NOW = 1_769_860_800
ADA, BOB = audiences.customer("ada"), audiences.customer("bob")
FANGTASIA = audiences.restaurant("Fangtasia")


class FakeSockets:
    """Connections that remember how often they were told, and may fail."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.failure: Exception | None = None

    def tell(self, connection_id: str) -> None:
        if self.failure is not None:
            raise self.failure
        self.told.append(connection_id)


def connect(
    pages: PageTable, connection_id: str, *, person: str = ADA, staff_of: str = "", at: int = NOW
) -> None:
    """Connect a page of a person."""
    restaurants = [staff_of] if staff_of else []
    ticket = issue_ticket(pages, person=person, restaurants=restaurants, now=at)
    assert connect_page(pages, ticket=ticket, connection_id=connection_id, now=at)


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
