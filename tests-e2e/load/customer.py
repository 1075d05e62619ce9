"""A customer: opens the page, signs in, searches, orders, and follows the order."""

import random
import time
import uuid
from collections.abc import Callable
from typing import Any, ClassVar

from botocore.exceptions import BotoCoreError, ClientError
from gevent import sleep
from locust import between, task
from locust.contrib.fasthttp import FastHttpUser

from load.outcomes import Outcome, outcome_of, pause_seconds
from load.world import World
from steps import given
from steps.shop import catalogue

ASSETS = ("app.js", "style.css")
THEMES = sorted({theme for themes in catalogue.SEEDED_RESTAURANTS.values() for theme in themes})
NOTIFIED = "from placed to notified"
READING_SECONDS = 2.0
LOOK_SECONDS = 1.0
PATIENCE_SECONDS = 30.0
ANSWER_SECONDS = 30.0


class GaveUpError(Exception):
    """The customer got no answer that leads on, and goes."""


class Customer(FastHttpUser):
    """One customer after the other, each with an account of their own while they are there."""

    world: ClassVar[World]
    host = "http://every.url.is.absolute"
    wait_time = between(1, 3)
    network_timeout = ANSWER_SECONDS
    connection_timeout = ANSWER_SECONDS

    def on_start(self) -> None:
        """Take an account."""
        self._person = self.world.people.get()

    def on_stop(self) -> None:
        """Give the account back."""
        self.world.people.put(self._person)

    @task
    def visit(self) -> None:
        """Go through everything once, with pauses to read and think."""
        try:
            self._browse()
            sleep(READING_SECONDS)
            token = self._sign_in()
            found = self._search(token)
            sleep(READING_SECONDS)
            order_id = self._order(token, random.choice(found))  # noqa: S311, a matter of taste
            self._watch(token, order_id)
            self._look_back(token)
        except GaveUpError:
            return

    def _browse(self) -> None:
        url = self.world.web_url
        self._send("GET /", "GET", f"{url}/", is_right=lambda text: "<html" in text)
        for asset in ASSETS:
            self._send("GET /assets/{file}", "GET", f"{url}/assets/{asset}", is_right=bool)

    def _sign_in(self) -> str:
        step, since = self.world.measurements.current, time.perf_counter()
        outcome, reason, token = Outcome.ANSWERED, "", ""
        try:
            token = given.sign_in(self.world.stage, self._person.username, self._person.password)["IdToken"]
        except ClientError as error:
            reason = error.response["Error"]["Code"]
            outcome = Outcome.THROTTLED if reason == "TooManyRequestsException" else Outcome.ERROR
        except BotoCoreError as error:
            outcome, reason = Outcome.ERROR, type(error).__name__
        milliseconds = (time.perf_counter() - since) * 1000
        self.world.measurements.note("sign in", outcome, milliseconds, step=step, reason=reason)
        if outcome is not Outcome.ANSWERED:
            raise GaveUpError
        return token

    def _search(self, token: str) -> list[str]:
        answer = self._send(
            "POST /restaurants/search",
            "POST",
            f"{self.world.restaurants_url}/restaurants/search",
            token=token,
            body={"theme": random.choice(THEMES)},  # noqa: S311, likewise
            is_right=bool,
        )
        return [restaurant["name"] for restaurant in answer]

    def _order(self, token: str, restaurant: str) -> str:
        answer = self._send(
            "POST /orders",
            "POST",
            f"{self.world.orders_url}/orders",
            token=token,
            body={"restaurantName": restaurant},
            headers={"Idempotency-Key": str(uuid.uuid4())},
            is_right=lambda order: bool(order["orderId"]),
        )
        return str(answer["orderId"])

    def _watch(self, token: str, order_id: str) -> None:
        measurements = self.world.measurements
        step, since = measurements.current, time.perf_counter()
        while (waited := time.perf_counter() - since) < PATIENCE_SECONDS:
            order = self._send(
                "GET /orders/{orderId}",
                "GET",
                f"{self.world.orders_url}/orders/{order_id}",
                token=token,
                is_right=lambda order: order["orderId"] == order_id,
            )
            if order["state"] != "placed":
                waited = time.perf_counter() - since
                measurements.note(NOTIFIED, Outcome.ANSWERED, waited * 1000, step=step)
                return
            sleep(LOOK_SECONDS)
        reason = f"still placed after {PATIENCE_SECONDS:.0f} s"
        measurements.note(NOTIFIED, Outcome.ERROR, waited * 1000, step=step, reason=reason)

    def _look_back(self, token: str) -> None:
        self._send(
            "GET /orders",
            "GET",
            f"{self.world.orders_url}/orders",
            token=token,
            is_right=lambda page: bool(page["orders"]),
        )

    def _send(
        self,
        route: str,
        method: str,
        url: str,
        *,
        is_right: Callable[[Any], bool],
        token: str | None = None,
        body: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        """Send a request, record its outcome, and return the answer: its text, or with a token its document.

        Raises:
            GaveUpError: it was refused, or is not what it should be.
        """
        step, since = self.world.measurements.current, time.perf_counter()
        sent = {**(headers or {}), **({} if token is None else {"Authorization": token})}
        response = self.client.request(method, url, name=route, json=body, headers=sent)
        milliseconds = (time.perf_counter() - since) * 1000
        told = {name.lower(): value for name, value in (response.headers or {}).items()}
        outcome, reason, answer = outcome_of(response.status_code, told), str(response.status_code), None
        if outcome is Outcome.ANSWERED:
            try:
                answer = response.text if token is None else response.json()
                is_fine = is_right(answer)
            except (ValueError, KeyError, TypeError):
                is_fine = False
            if not is_fine:
                outcome, reason = Outcome.ERROR, "not what was asked for"
        elif not response.status_code:
            reason = "no answer"
        self.world.measurements.note(route, outcome, milliseconds, step=step, reason=reason)
        if outcome is not Outcome.ANSWERED:
            sleep(pause_seconds(told))
            raise GaveUpError
        return answer
