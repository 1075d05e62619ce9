"""Customers: each click has one key and is retried until answered, and some cancel what they ordered."""

import random
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus
from threading import Lock

from faults.answers import Action, Answer
from faults.client import BUSY, Client
from faults.plan import Demand
from steps.given import User
from steps.shop.catalogue import SEEDED_RESTAURANTS
from support.stage import Stage

# 409: another request with the key is under way.
AGAIN = BUSY | {HTTPStatus.CONFLICT}


class Intent(Enum):
    """What a click asks for, and so what its answer has to be; a status is the refusal that is due."""

    ORDER = None
    NO_SUCH_RESTAURANT = HTTPStatus.NOT_FOUND
    OTHER_ORDER_UNDER_A_USED_KEY = HTTPStatus.UNPROCESSABLE_ENTITY
    NO_TOKEN = HTTPStatus.UNAUTHORIZED


@dataclass
class Click:
    """One click on “order” and its outcome.

    Attributes:
        customer_id: Who clicked.
        intent: What for.
        restaurant: Where.
        key: The idempotency key of all its requests.
        order_ids: Every order that it was answered with.
        refusals: Every refusal that no repetition changes.
        unanswered: How often its client gave up without an answer.
        requests: How many requests were sent for it.
    """

    customer_id: str
    intent: Intent
    restaurant: str
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    order_ids: list[str] = field(default_factory=list)
    refusals: list[int] = field(default_factory=list)
    unanswered: int = 0
    requests: int = 0

    @property
    def is_unknown(self) -> bool:
        """Whether it was never answered."""
        return not self.order_ids and not self.refusals


class Crowd:
    """The customers of a run, all at once, and what they ask for."""

    def __init__(self, stage: Stage, users: Sequence[User], client: Client) -> None:
        self.users = users
        self.clicks: list[Click] = []
        self.cancellations: list[Answer] = []
        self._url = f"{stage.service_url('orders')}/orders"
        self._users = {user.user_id: user for user in users}
        self._client = client
        self._habits = {user: client.dice(f"user {number}") for number, user in enumerate(self._users)}
        self._lock = Lock()

    def order(self, demand: Demand) -> None:
        """Let every user click their share, one click after another."""
        shares = {user: demand.orders // len(self._users) for user in self._users}
        for user in list(shares)[: demand.orders % len(self._users)]:
            shares[user] += 1
        with ThreadPoolExecutor(len(shares)) as pool:
            for future in [pool.submit(self._click, *share, demand) for share in shares.items()]:
                future.result()

    def come_back(self) -> list[Click]:
        """Repeat the clicks that were never answered, with the same keys; return them."""
        unknown = [click for click in self.clicks if click.is_unknown]
        with ThreadPoolExecutor(max(1, len(self._users))) as pool:
            for future in [pool.submit(self._ask, click, self._client.dice(click.key)) for click in unknown]:
                future.result()
        return unknown

    def _click(self, customer_id: str, times: int, demand: Demand) -> None:
        dice = self._habits[customer_id]
        for _ in range(times):
            if dice.random() < demand.refused:
                self._ask_for(Click(customer_id, Intent.NO_SUCH_RESTAURANT, f"nowhere {uuid.uuid4()}"), dice)
            if dice.random() < demand.refused:
                self._ask_for(Click(customer_id, Intent.NO_TOKEN, self._restaurant(dice)), dice)
            self._order(customer_id, demand, dice)

    def _order(self, customer_id: str, demand: Demand, dice: random.Random) -> None:
        click = Click(customer_id, Intent.ORDER, self._restaurant(dice))
        how = dice.random()
        if how < demand.double_clicks:
            with ThreadPoolExecutor(2) as fingers:
                first = fingers.submit(self._ask_for, click, dice)
                second = fingers.submit(self._ask, click, self._client.dice(click.key))
                first.result(), second.result()
            return
        self._ask_for(click, dice)
        if how < demand.double_clicks + demand.repeats and click.order_ids:
            self._ask(click, dice)
        if dice.random() < demand.refused and click.order_ids:
            other = next(name for name in SEEDED_RESTAURANTS if name != click.restaurant)
            self._ask_for(Click(customer_id, Intent.OTHER_ORDER_UNDER_A_USED_KEY, other, key=click.key), dice)
        if dice.random() < demand.cancelled and click.order_ids:
            self._cancel(customer_id, click.order_ids[0], dice)

    def _cancel(self, customer_id: str, order_id: str, dice: random.Random) -> None:
        cancellation = Answer(order_id, Action.CANCEL, customer_id)
        with self._lock:
            self.cancellations.append(cancellation)
        cancellation.give(self._client, self._url, self._users[customer_id].id_token, dice)

    def _restaurant(self, dice: random.Random) -> str:
        return dice.choice(sorted(SEEDED_RESTAURANTS))

    def _ask_for(self, click: Click, dice: random.Random) -> None:
        with self._lock:
            self.clicks.append(click)
        self._ask(click, dice)

    def _ask(self, click: Click, dice: random.Random) -> None:
        if not self._client.persist(lambda: self._request(click), dice):
            with self._lock:
                click.unanswered += 1

    def _request(self, click: Click) -> bool:
        """Send one request; return whether it was answered."""
        headers = {"Idempotency-Key": click.key}
        if click.intent is not Intent.NO_TOKEN:
            headers["Authorization"] = self._users[click.customer_id].id_token
        with self._lock:
            click.requests += 1
        content = {"json": {"restaurantName": click.restaurant}, "headers": headers}
        answer = self._client.answer("POST", self._url, again=AGAIN, **content)
        if answer is None:
            return False
        with self._lock:
            if answer.status_code == HTTPStatus.OK:
                click.order_ids.append(answer.json()["orderId"])
            else:
                click.refusals.append(answer.status_code)
        return True
