"""POST /live/tickets."""

import time

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from notifications import wiring
from notifications.domain import audiences
from notifications.domain.issue_ticket import PAGE_SECONDS, issue_ticket
from notifications.settings import LiveSettings
from service_kit.http import Caller, http_handler
from service_kit.settings import load_settings


class Ticket(BaseModel):
    """Where a page connects to be told of changes."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    url: str = Field(description="WebSocket URL, which can be opened once within 30 seconds.")
    expires_in_seconds: int = Field(description="For how long the page is told; then it needs another one.")


@http_handler(uses=(wiring.pages,))
def handle(caller: Caller) -> Ticket:
    """Return a ticket for a page of the caller; their eleventh page takes the place of the oldest."""
    ticket = issue_ticket(
        wiring.pages(), person=audiences.customer(caller.user_id), restaurants=[], now=int(time.time())
    )
    return Ticket(
        url=f"{load_settings(LiveSettings).live_url}?ticket={ticket}", expires_in_seconds=PAGE_SECONDS
    )
