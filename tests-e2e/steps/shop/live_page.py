"""A page that is connected to hear of changes."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http import HTTPStatus

import websocket

from drivers.exchange import Answer, Driver, Request
from steps.shop.contract import Ticket

CONNECT_SECONDS = 20
CHANGED = '{"changed": "orders"}'


@dataclass(frozen=True)
class LivePage:
    """A page with a connection to the WebSocket API."""

    socket: websocket.WebSocket

    def hears_of_a_change(self, within_seconds: float) -> None:
        """Wait until the page is told to look.

        Raises:
            websocket.WebSocketTimeoutException: it was not told in time.
        """
        self.socket.settimeout(within_seconds)
        assert self.socket.recv() == CHANGED

    def has_heard_nothing(self) -> None:
        """Check that nothing has arrived that was not asked for."""
        self.socket.settimeout(0)
        try:
            heard = self.socket.recv()
        except BlockingIOError:
            return
        raise AssertionError(f"the page was told {heard!r}")


def a_user_asks_for_a_ticket(driver: Driver, token: str, restaurant_name: str | None = None) -> Answer:
    """POST /live/tickets, for the orders of a restaurant too when one is named."""
    query = () if restaurant_name is None else (("restaurantName", restaurant_name),)
    return driver.send(Request("notifications", "POST", ("live", "tickets"), query=query, token=token))


def a_ticket(driver: Driver, token: str, restaurant_name: str | None = None) -> Ticket:
    """A ticket of the token's user."""
    answer = a_user_asks_for_a_ticket(driver, token, restaurant_name)
    assert answer.status == HTTPStatus.OK, (answer.status, answer.text)
    return Ticket.model_validate_json(answer.content)


@contextmanager
def a_connection(url: str) -> Iterator[LivePage]:
    """A page that is connected to a URL.

    Raises:
        websocket.WebSocketBadStatusException: the connection was refused.
    """
    with closing(websocket.create_connection(url, timeout=CONNECT_SECONDS)) as socket:
        yield LivePage(socket)


@contextmanager
def a_connected_page(driver: Driver, token: str, restaurant_name: str | None = None) -> Iterator[LivePage]:
    """A page of the token's user that is told of changes."""
    with a_connection(a_ticket(driver, token, restaurant_name).url) as page:
        yield page
