"""The collaborators of this service's domain, in memory."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from orders.domain.errors import (
    InvalidCursorError,
    OrderAlreadyAnsweredError,
    OrderNotFoundError,
    TooManyOrdersError,
)
from orders.domain.events import OrderEvent
from orders.domain.models import WAITING, AnswerQueue, Order, OrderPage, OrderState, OrderSummary
from orders.domain.publish_order_events import Refusal

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def order(
    order_id: str,
    *,
    customer_id: str = "ada",
    restaurant_name: str = "Fangtasia",
    state: OrderState = OrderState.PLACED,
    minutes_after_noon: float = 0,
) -> Order:
    """Return an order that somebody placed around noon."""
    return Order(
        order_id=order_id,
        customer_id=customer_id,
        restaurant_name=restaurant_name,
        state=state,
        placed_at=NOON + timedelta(minutes=minutes_after_noon),
        correlation_id=f"request-{order_id}",
    )


def summary(order: Order) -> OrderSummary:
    """Return an order without its customer."""
    return OrderSummary.model_validate(order.model_dump())


class FakeAllowances:
    """Counts attempts, and refuses them once there are enough."""

    def __init__(self, most: int = 1_000) -> None:
        self.most = most
        self.taken: list[str] = []
        self.times: list[datetime] = []

    def take(self, customer_id: str, now: datetime) -> None:
        if self.taken.count(customer_id) >= self.most:
            raise TooManyOrdersError(7)
        self.taken.append(customer_id)
        self.times.append(now)


class FakeOrders:
    """Orders in a dictionary; a cursor is the id of the last order of its page."""

    def __init__(self, *orders: Order) -> None:
        self.by_id = {order.order_id: order for order in orders}
        self.failure: Exception | None = None

    def add(self, order: Order) -> bool:
        return self.by_id.setdefault(order.order_id, order) is order

    def find(self, order_id: str) -> Order | None:
        return self.by_id.get(order_id)

    def find_summary(self, order_id: str) -> OrderSummary | None:
        order = self.find(order_id)
        return None if order is None else summary(order)

    def of_customer(self, customer_id: str, *, cursor: str | None, limit: int) -> OrderPage:
        own = [order for order in self.by_id.values() if order.customer_id == customer_id]
        return self._page(own, cursor, limit, is_reversed=True)

    def of_restaurant(
        self, restaurant_name: str, queue: AnswerQueue, *, cursor: str | None, limit: int
    ) -> OrderPage:
        is_waiting = queue is AnswerQueue.WAITING
        states = WAITING if is_waiting else (OrderState(queue),)
        found = [
            order
            for order in self.by_id.values()
            if order.restaurant_name == restaurant_name and order.state in states
        ]
        return self._page(found, cursor, limit, is_reversed=not is_waiting)

    def _page(self, orders: list[Order], cursor: str | None, limit: int, *, is_reversed: bool) -> OrderPage:
        def position(order: Order) -> tuple[datetime, str]:
            return order.placed_at, order.order_id

        orders.sort(key=position, reverse=is_reversed)
        if cursor is not None:
            if cursor not in self.by_id:
                raise InvalidCursorError
            last = position(self.by_id[cursor])
            orders = [
                one for one in orders if (position(one) < last) is is_reversed and position(one) != last
            ]
        page, rest = orders[:limit], orders[limit:]
        return OrderPage(orders=page, next_cursor=page[-1].order_id if rest else None)

    def mark_notified(self, order_id: str, *, at: datetime) -> bool:
        order = self.by_id.get(order_id)
        if order is None:
            raise OrderNotFoundError
        if order.state is not OrderState.PLACED:
            return False
        self.by_id[order_id] = order.model_copy(update={"state": OrderState.NOTIFIED, "notified_at": at})
        return True

    def answer(
        self, order_id: str, answer: OrderState, *, restaurant_name: str, at: datetime
    ) -> OrderSummary:
        order = self.by_id.get(order_id)
        if order is None or order.restaurant_name != restaurant_name:
            raise OrderNotFoundError
        if order.state in WAITING:
            order = order.model_copy(update={"state": answer, "answered_at": at})
            self.by_id[order_id] = order
        if order.state is not answer:
            raise OrderAlreadyAnsweredError(order.state)
        return summary(order)

    def erase_customer(self, order: OrderSummary, customer_id: str, *, at: datetime) -> bool:
        if self.failure is not None:
            raise self.failure
        found = self.by_id[order.order_id]
        if found.customer_id != customer_id:
            return False
        if found.state in WAITING:
            found = found.model_copy(update={"state": OrderState.CANCELLED, "answered_at": at})
        self.by_id[order.order_id] = found.model_copy(update={"customer_id": f"erased-{order.order_id}"})
        return True


class FakeRestaurants:
    """A catalogue of names, which may be down."""

    def __init__(self, *names: str) -> None:
        self.names = set(names)
        self.failure: Exception | None = None

    def exists(self, name: str) -> bool:
        if self.failure is not None:
            raise self.failure
        return name in self.names


class FakeStaff:
    """Who works where, which may be unknown for now; remembers what was asked."""

    def __init__(self, *members: tuple[str, str]) -> None:
        self.members = set(members)
        self.failure: Exception | None = None
        self.asked: list[tuple[str, str]] = []

    def is_staff(self, restaurant_name: str, email: str) -> bool:
        self.asked.append((restaurant_name, email))
        if self.failure is not None:
            raise self.failure
        return (restaurant_name, email) in self.members


class FakeCounts:
    """What is counted of customers."""

    def __init__(self) -> None:
        self.forgotten: list[str] = []

    def forget(self, customer_id: str) -> None:
        self.forgotten.append(customer_id)


class FakeBus:
    """A bus that remembers what it accepted, and refuses some for a reason."""

    def __init__(self) -> None:
        self.erasures: list[str] = []
        self.published: list[OrderEvent] = []
        self.refused: dict[str, Refusal] = {}

    def publish(self, events: Sequence[OrderEvent]) -> dict[int, Refusal]:
        failed = {i: self.refused[e.order_id] for i, e in enumerate(events) if e.order_id in self.refused}
        self.published.extend(event for index, event in enumerate(events) if index not in failed)
        return failed

    def publish_user_erased(self, erasure_id: str) -> None:
        if erasure_id in self.refused:
            raise ConnectionError(self.refused[erasure_id].reason)
        self.erasures.append(erasure_id)


class FakeUnpublished:
    """A place for what could not be published."""

    def __init__(self) -> None:
        self.kept: list[tuple[OrderEvent, str]] = []

    def keep(self, event: OrderEvent, reason: str) -> None:
        self.kept.append((event, reason))


class FakeWaitingOrders:
    """The queue of orders that wait for an answer: what was sent again, and after how long."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, timedelta]] = []
        self.failure: Exception | None = None

    def send_again(self, body: str, *, after: timedelta) -> None:
        if self.failure is not None:
            raise self.failure
        self.sent.append((body, after))
