"""Place one order as a customer would, by the public API, and take it back."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from stagectl.errors import StagectlError
from stagectl.people.user_pool import UserPool, temporary_password

NOTIFIED_WITHIN_SECONDS = 60.0
_POLL_SECONDS = 0.5
_TIMEOUT_SECONDS = 30.0


def place(pool: UserPool, orders_url: str, restaurant: str) -> str:
    """Create a customer, order, wait until the restaurant is notified, cancel, and delete the customer.

    Args:
        pool: The stage's users.
        orders_url: Root URL of the service orders.
        restaurant: Whom to order from. It sees the order, and that it was cancelled.

    Returns:
        What happened, in words.

    Raises:
        StagectlError: Something did not; the message says what.
    """
    with _customer(pool) as token:
        api = _Api(orders_url, token)
        placed = api.call("POST", "/orders", {"restaurantName": restaurant})
        path = f"/orders/{placed['orderId']}"
        since = time.monotonic()
        while (state := api.call("GET", path)["state"]) == "placed":
            if time.monotonic() - since > NOTIFIED_WITHIN_SECONDS:
                raise StagectlError(
                    f"{restaurant} was not notified of order {placed['orderId']} within "
                    f"{NOTIFIED_WITHIN_SECONDS:.0f} s. To see where it is: stagectl dlq list."
                )
            time.sleep(_POLL_SECONDS)
        seconds = time.monotonic() - since
        if state == "notified":
            state = api.call("POST", f"{path}/cancel")["state"]
        return f"order {placed['orderId']} was notified after {seconds:.1f} s, then {state}"


@contextmanager
def _customer(pool: UserPool) -> Iterator[str]:
    """Have a customer for a block, and their ID token."""
    password = temporary_password()
    user = pool.create(f"release-check-{uuid4()}@example.com", "Release", "Check", password=password)
    try:
        yield pool.sign_in(user, password)
    finally:
        pool.delete(user)


class _Api:
    """The API of a service, called with a token."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url.rstrip("/")
        self._token = token

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Send a request; return the JSON of its answer.

        Raises:
            StagectlError: It was not answered with 200.
        """
        request = urllib.request.Request(  # noqa: S310 - a service's own URL
            self._url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"authorization": self._token, "content-type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as response:  # noqa: S310
                answer: dict[str, Any] = json.load(response)
                return answer
        except urllib.error.HTTPError as error:
            with error:
                said = error.read().decode("utf-8", "replace")
            raise StagectlError(f"{method} {path} was answered with {error.code}: {said}") from None
        except OSError as error:
            raise StagectlError(f"{method} {path} was not answered: {error}.") from None
