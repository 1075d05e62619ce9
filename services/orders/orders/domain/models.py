"""Orders."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class OrderState(StrEnum):
    """How far an order has come; it never goes back."""

    PLACED = "placed"
    NOTIFIED = "notified"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


WAITING = (OrderState.PLACED, OrderState.NOTIFIED)
"""The states in which an order waits for its restaurant's answer."""


class AnswerQueue(StrEnum):
    """The lists in which a restaurant finds its orders: those that wait, and one for each answer."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class StateChange(BaseModel):
    """When an order came into a state."""

    model_config = ConfigDict(frozen=True)

    state: OrderState
    at: datetime


class OrderSummary(BaseModel):
    """What a restaurant knows of an order.

    `answer_by` is when it expires without an answer, and `answered_at` when it stopped waiting for one.
    Orders stored before these times were kept lack them.
    """

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    order_id: str
    restaurant_name: str
    state: OrderState
    placed_at: datetime
    answer_by: datetime | None = None
    notified_at: datetime | None = None
    answered_at: datetime | None = None

    @property
    def history(self) -> list[StateChange]:
        """The states that it has been in, as far as their times are known."""
        answer = self.state if self.state not in WAITING else None
        times = (
            (OrderState.PLACED, self.placed_at),
            (OrderState.NOTIFIED, self.notified_at),
            (answer, self.answered_at),
        )
        return [
            StateChange(state=state, at=at) for state, at in times if state is not None and at is not None
        ]


class Order(OrderSummary):
    """An order as its service keeps it.

    `correlation_id` names the request that placed it, in all logs and events of the order, whoever changes it
    later. Orders stored before it was kept lack it.
    """

    customer_id: str
    correlation_id: str | None = None


class OrderPage(BaseModel):
    """Some orders; `next_cursor` leads to more, and is None when there are none."""

    model_config = ConfigDict(frozen=True)

    orders: Sequence[OrderSummary]
    next_cursor: str | None


class Orders(Protocol):
    """All orders, however they are kept."""

    def add(self, order: Order) -> bool:
        """Store a new order; False, and nothing stored, when there is one of that id already.

        Raises:
            OrderUncertainError: it may be stored or not.
        """

    def find(self, order_id: str) -> Order | None:
        """Return one order, or None when there is none of that id."""

    def find_summary(self, order_id: str) -> OrderSummary | None:
        """Return one order without its customer, or None when there is none of that id."""

    def of_customer(self, customer_id: str, *, cursor: str | None, limit: int) -> OrderPage:
        """Return a page of a customer's orders, newest first.

        Raises:
            InvalidCursorError: the cursor is not one that a page gave.
        """

    def of_restaurant(
        self, restaurant_name: str, queue: AnswerQueue, *, cursor: str | None, limit: int
    ) -> OrderPage:
        """Return a page of a restaurant's orders: those that wait oldest first, others newest first.

        Raises:
            InvalidCursorError: the cursor is not one that a page gave.
        """

    def mark_notified(self, order_id: str, *, at: datetime) -> bool:
        """Move an order from placed to notified; False when it was not in the state placed.

        Raises:
            OrderNotFoundError: there is none of that id.
        """

    def answer(
        self, order_id: str, answer: OrderState, *, restaurant_name: str, at: datetime
    ) -> OrderSummary:
        """Move a waiting order to its answer and give it; the answer that it has already changes nothing.

        Raises:
            OrderNotFoundError: that restaurant has none of that id.
            OrderAlreadyAnsweredError: it has another answer.
        """

    def erase_customer(self, order: OrderSummary, customer_id: str, *, at: datetime) -> bool:
        """Take the customer off an order, and cancel it if it waits; False when it is not theirs any more."""


class Allowances(Protocol):
    """How many orders each customer may place in a while, so that none takes the service from all others."""

    def take(self, customer_id: str, now: datetime) -> None:
        """Count an attempt of a customer.

        Raises:
            TooManyOrdersError: the customer has had as many as there may be.
        """


class Restaurants(Protocol):
    """The catalogue of another service."""

    def exists(self, name: str) -> bool:
        """Say whether there is a restaurant of that name."""


class Staff(Protocol):
    """Who works where, as another service knows it."""

    def is_staff(self, restaurant_name: str, email: str) -> bool:
        """Say whether a person is staff of a restaurant."""
