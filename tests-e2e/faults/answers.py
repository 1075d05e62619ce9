"""What customers and restaurants do with an order once it is placed: accept, reject, cancel."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from faults.client import Client
from faults.plan import Demand
from steps.given import User
from support.stage import Stage

FINAL_STATES = ("accepted", "rejected", "cancelled", "expired")
SECONDS_BETWEEN_LOOKS = (0.3, 1.0)


class Action(StrEnum):
    """What may be done, as the route spells it."""

    ACCEPT = "accept"
    REJECT = "reject"
    CANCEL = "cancel"

    @property
    def state(self) -> str:
        """The state that an order has after it."""
        return {"accept": "accepted", "reject": "rejected", "cancel": "cancelled"}[self]


@dataclass
class Answer:
    """An answer that a person gave to an order and its outcome.

    Attributes:
        order_id: The order.
        action: What the person wanted.
        user_id: Who it was.
        is_entitled: Whether the order is theirs to answer.
        granted: The states that successful requests showed.
        refusals: Every refusal that no repetition changes.
    """

    order_id: str
    action: Action
    user_id: str
    is_entitled: bool = True
    granted: list[str] = field(default_factory=list)
    refusals: list[int] = field(default_factory=list)

    def give(self, client: Client, orders_url: str, id_token: str, dice: random.Random) -> None:
        """Repeat the request until it is answered, or the client gives up."""
        url = f"{orders_url}/{self.order_id}/{self.action}"

        def request() -> bool:
            answer = client.answer("POST", url, headers={"Authorization": id_token})
            if answer is None:
                return False
            if answer.status_code == HTTPStatus.OK:
                self.granted.append(answer.json()["state"])
            else:
                self.refusals.append(answer.status_code)
            return True

        client.persist(request, dice)


@dataclass(frozen=True)
class Member:
    """A person who answers the orders of some restaurants."""

    user: User
    restaurants: Sequence[str]


class Staff:
    """The staff of all restaurants: within the block, each member lists waiting orders and answers them."""

    def __init__(self, stage: Stage, members: Sequence[Member], demand: Demand, client: Client) -> None:
        self.members = members
        self.answers: list[Answer] = []
        self._url = stage.service_url("orders")
        self._demand = demand
        self._client = client
        self._lock = Lock()
        self._over = Event()
        self._latest: dict[str, str] = {}
        self._threads = [
            Thread(target=self._work, args=(member, number), name=f"staff-{number}", daemon=True)
            for number, member in enumerate(members)
        ]

    def __enter__(self) -> Self:
        """Begin."""
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End, after the answers that are being given."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _work(self, member: Member, number: int) -> None:
        dice = self._client.dice(f"staff {number}")
        done: set[str] = set()
        while not self._over.wait(dice.uniform(*SECONDS_BETWEEN_LOOKS)):
            for restaurant in member.restaurants:
                for order_id in self._waiting(restaurant, member.user):
                    if order_id not in done and not self._over.is_set():
                        done.add(order_id)
                        self._answer(order_id, member.user, dice)
            self._meddle(member, dice)

    def _waiting(self, restaurant: str, user: User) -> list[str]:
        url = f"{self._url}/restaurants/{quote(restaurant)}/orders"
        found: list[str] = []
        query: dict[str, Any] = {"state": "waiting"}
        while True:
            page = self._client.answer("GET", url, params=query, headers={"Authorization": user.id_token})
            if page is None:
                return found
            page.raise_for_status()
            found += [order["orderId"] for order in page.json()["orders"]]
            if found:
                self._latest[restaurant] = found[-1]
            if page.json()["nextCursor"] is None:
                return found
            query["cursor"] = page.json()["nextCursor"]

    def _answer(self, order_id: str, user: User, dice: random.Random) -> None:
        # The same for all members, or an order would be left to expire only by all of them.
        if self._client.dice(order_id).random() < self._demand.ignored:
            return
        action = Action.REJECT if dice.random() < self._demand.rejected else Action.ACCEPT
        self._give(Answer(order_id, action, user.user_id), user, dice)

    def _meddle(self, member: Member, dice: random.Random) -> None:
        others = [order_id for name, order_id in self._latest.items() if name not in member.restaurants]
        if others and dice.random() < self._demand.meddling:
            meddling = Answer(dice.choice(others), Action.ACCEPT, member.user.user_id, is_entitled=False)
            self._give(meddling, member.user, dice)

    def _give(self, answer: Answer, user: User, dice: random.Random) -> None:
        with self._lock:
            self.answers.append(answer)
        answer.give(self._client, f"{self._url}/orders", user.id_token, dice)
