"""Orders."""

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


WAITING = (OrderState.PLACED, OrderState.NOTIFIED)
"""The states in which an order waits for its restaurant's answer."""


class Order(BaseModel):
    """An order as its service keeps it."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    order_id: str
    customer_id: str
    restaurant_name: str
    state: OrderState
    placed_at: datetime
    answer_token: str | None = None


class OrderPage(BaseModel):
    """Some of a customer's orders, newest first.

    `next_cursor` leads to older ones; None when there are none.
    """

    model_config = ConfigDict(frozen=True)

    orders: list[Order]
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

    def of_customer(self, customer_id: str, *, cursor: str | None, limit: int) -> OrderPage:
        """Return a page of a customer's orders.

        Raises:
            InvalidCursorError: the cursor is not one that a page gave.
        """

    def mark_notified(self, order_id: str) -> bool:
        """Move an order from placed to notified; False when it was not in the state placed.

        Raises:
            OrderNotFoundError: there is none of that id.
        """

    def answer(self, order_id: str, answer: OrderState) -> Order:
        """Move a waiting order to its answer and give it; the answer that it has already changes nothing.

        Raises:
            OrderNotFoundError: there is none of that id.
            OrderAlreadyAnsweredError: it has another answer.
        """

    def remember_answer_token(self, order_id: str, token: str) -> None:
        """Note on an order how to end the waiting for its answer.

        Raises:
            OrderNotFoundError: there is none of that id.
        """


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
