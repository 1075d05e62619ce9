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


class FakeStaff:
    """Who works where, which may be unknown for now."""

    def __init__(self, *members: tuple[str, str]) -> None:
        self.members = set(members)
        self.failure: Exception | None = None

    def is_staff(self, restaurant_name: str, email: str) -> bool:
        if self.failure is not None:
            raise self.failure
        return (restaurant_name, email) in self.members


def a_ticket(pages: PageTable, *, person: str = "ada", staff_of: str | None = None, at: int = NOW) -> str:
    """Return a ticket for a page of a person, who may be on the staff of a restaurant."""
    email = f"{person}@example.com"
    staff = FakeStaff() if staff_of is None else FakeStaff((staff_of, email))
    return issue_ticket(pages, staff, user_id=person, email=email, restaurant_name=staff_of, now=at)


def connect(pages: PageTable, connection_id: str, *, at: int = NOW, **ticket: str) -> None:
    """Connect a page of a person, likewise."""
    assert connect_page(pages, ticket=a_ticket(pages, at=at, **ticket), connection_id=connection_id, now=at)


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
