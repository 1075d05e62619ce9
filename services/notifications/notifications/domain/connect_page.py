"""Connect a page that has a ticket."""

import re
from typing import Protocol

from notifications.domain.issue_ticket import hash_of

_TICKET = re.compile(r"([0-9a-f]{32}\.[0-9])\.([A-Za-z0-9_-]{32})")


class ExpectedPages(Protocol):
    """The pages that may connect."""

    def connect(self, page: str, *, secret_hash: str, connection_id: str, now: int) -> bool:
        """Note the connection of a page; False when no page is expected with that secret now."""


def connect_page(pages: ExpectedPages, *, ticket: str, connection_id: str, now: int) -> bool:
    """Use a ticket up; False when it is malformed, unknown, used or too old."""
    found = _TICKET.fullmatch(ticket)
    return found is not None and pages.connect(
        found[1], secret_hash=hash_of(found[2]), connection_id=connection_id, now=now
    )
