"""Tell the bus what happened to orders: the other half of the outbox."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from orders.domain.errors import NotPublishedError
from orders.domain.events import (
    OrderAccepted,
    OrderAnswered,
    OrderCancelled,
    OrderEvent,
    OrderExpired,
    OrderPlaced,
    OrderRejected,
)
from orders.domain.models import Order, OrderState

ANSWERS: Mapping[OrderState, type[OrderAnswered]] = {
    OrderState.ACCEPTED: OrderAccepted,
    OrderState.REJECTED: OrderRejected,
    OrderState.EXPIRED: OrderExpired,
    OrderState.CANCELLED: OrderCancelled,
}


@dataclass(frozen=True)
class OrderChange:
    """What happened to an order: how it was before (None when it is new), how it is now, and since when."""

    before: Order | None
    now: Order
    at: datetime


@dataclass(frozen=True)
class Refusal:
    """Why the bus did not accept an event, and whether it never will."""

    reason: str
    is_final: bool = False


class Bus(Protocol):
    """Where events go."""

    def publish(self, events: Sequence[OrderEvent]) -> Mapping[int, Refusal]:
        """Publish the events in their order; return why, by its place, for each that was not accepted."""


class Unpublished(Protocol):
    """Where events are kept that the bus did not accept for too long."""

    def keep(self, event: OrderEvent, reason: str) -> None:
        """Keep an event whole, until an operator publishes it."""


def publish_order_events(
    bus: Bus,
    unpublished: Unpublished,
    changes: Iterable[OrderChange],
    *,
    now: datetime,
    give_up_after: timedelta,
) -> None:
    """Publish what the changes mean to others.

    What the bus does not accept is to be tried again with all of its batch. After `give_up_after`, or at once
    if the bus will never accept it, it is put aside, so that it does not hold up the orders behind it.

    Raises:
        NotPublishedError: something was neither accepted nor put aside.
    """
    happened = [(change, event) for change in changes if (event := event_of(change)) is not None]
    waiting: dict[int, str] = {}
    for index, refusal in bus.publish([event for _, event in happened]).items():
        change, event = happened[index]
        if refusal.is_final or now - change.at >= give_up_after:
            unpublished.keep(event, refusal.reason)
        else:
            waiting[index] = refusal.reason
    if waiting:
        raise NotPublishedError(waiting)


def event_of(change: OrderChange) -> OrderEvent | None:
    """Return the event that a change is, or None when no other service needs one."""
    order = change.now
    # An order without one is followed by its own id.
    correlation_id = order.correlation_id or order.order_id
    if change.before is None:
        return OrderPlaced(
            order_id=order.order_id,
            restaurant_name=order.restaurant_name,
            placed_at=order.placed_at,
            answer_by=order.answer_by,
            correlation_id=correlation_id,
        )
    answer = ANSWERS.get(order.state)
    if answer is None or change.before.state is order.state:
        return None
    return answer(
        order_id=order.order_id,
        restaurant_name=order.restaurant_name,
        placed_at=order.placed_at,
        customer_id=order.customer_id,
        correlation_id=correlation_id,
    )
