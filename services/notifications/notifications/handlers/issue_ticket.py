"""POST /live/tickets."""

import time
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from notifications import wiring
from notifications.domain.errors import NotStaffError
from notifications.domain.issue_ticket import PAGE_SECONDS, issue_ticket
from notifications.settings import LiveSettings
from service_kit.http import Caller, Forbidden, http_handler
from service_kit.names import PATH_SEGMENT, VISIBLE_TEXT
from service_kit.settings import load_settings

# As the catalogue has it: no restaurant can have another name.
RestaurantName = Annotated[str, StringConstraints(min_length=1, max_length=100), VISIBLE_TEXT, PATH_SEGMENT]


class TicketQuery(BaseModel):
    """Which orders the page shows, beside the caller's own."""

    model_config = ConfigDict(alias_generator=to_camel)

    restaurant_name: RestaurantName | None = Field(
        default=None, description="A restaurant whose staff the caller is."
    )


class Ticket(BaseModel):
    """Where a page connects to be told of changes."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    url: str = Field(description="WebSocket URL, which can be opened once within 30 seconds.")
    expires_in_seconds: int = Field(description="For how long the page is told; then it needs another one.")


@http_handler(errors={NotStaffError: Forbidden}, uses=(wiring.pages, wiring.staff))
def handle(query: TicketQuery, caller: Caller) -> Ticket:
    """Return a ticket for a page of the caller; their eleventh page takes the place of the oldest."""
    ticket = issue_ticket(
        wiring.pages(),
        wiring.staff(),
        user_id=caller.user_id,
        email=caller.verified_email,
        restaurant_name=query.restaurant_name,
        now=int(time.time()),
    )
    return Ticket(
        url=f"{load_settings(LiveSettings).live_url}?ticket={ticket}", expires_in_seconds=PAGE_SECONDS
    )
