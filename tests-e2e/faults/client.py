"""HTTP clients as people have them: they retry what may be retried, and give up after some requests."""

import random
import time
from collections.abc import Callable, Collection
from http import HTTPStatus
from threading import BoundedSemaphore
from typing import Any

import httpx

from faults.plan import FaultPlan

FIRST_BACK_OFF_SECONDS = 0.2
LONGEST_BACK_OFF_SECONDS = 2.0
BUSY = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT})
FIRST_SERVER_ERROR = 500


class Client:
    """The client of all people of a run; may be used from several threads."""

    def __init__(self, plan: FaultPlan) -> None:
        self._attempts = plan.attempts
        self._seed = plan.seed
        self._turnstile = BoundedSemaphore(plan.simultaneous_requests)
        self._client = httpx.Client(timeout=plan.impatience_seconds, trust_env=False)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def dice(self, about: str) -> random.Random:
        """Return the dice of one person or thing, which fall the same way in every run of a seed."""
        return random.Random(f"{self._seed}/{about}")  # noqa: S311

    def persist(self, request: Callable[[], bool], dice: random.Random) -> bool:
        """Repeat a request with growing pauses until it is answered; return whether it was."""
        for attempt in range(self._attempts):
            if attempt:
                longest = min(LONGEST_BACK_OFF_SECONDS, FIRST_BACK_OFF_SECONDS * 2**attempt)
                time.sleep(longest * dice.uniform(0.5, 1.0))
            if request():
                return True
        return False

    def answer(
        self, method: str, url: str, *, again: Collection[int] = BUSY, **content: Any
    ) -> httpx.Response | None:
        """Send one request; return its answer, or None when it has to be sent again.

        Args:
            method: HTTP method.
            url: Where to.
            again: Statuses below 500 after which a client retries.
            content: Headers, query and body, as httpx takes them.
        """
        try:
            with self._turnstile:
                answer = self._client.request(method, url, **content)
        except httpx.TransportError:
            return None
        if answer.status_code >= FIRST_SERVER_ERROR or answer.status_code in again:
            return None
        return answer
