"""The collaborators of this service's domain, in memory."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from orders.domain.errors import InvalidCursorError, OrderNotFoundError
from orders.domain.events import OrderPlaced
from orders.domain.models import Order, OrderPage, OrderState

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def order(
    order_id: str,
    *,
    customer_id: str = "ada",
    restaurant_name: str = "Fangtasia",
    state: OrderState = OrderState.PLACED,
    minutes_after_noon: float = 0,
) -> Order:
    """Give an order that somebody placed around noon."""
    return Order(
        order_id=order_id,
        customer_id=customer_id,
        restaurant_name=restaurant_name,
        state=state,
        placed_at=NOON + timedelta(minutes=minutes_after_noon),
    )


class FakeOrders:
    """Orders in a dictionary; a cursor is the id of the last order of its page."""

    def __init__(self, *orders: Order) -> None:
        self.by_id = {order.order_id: order for order in orders}

    def add(self, order: Order) -> bool:
        return self.by_id.setdefault(order.order_id, order) is order

    def find(self, order_id: str) -> Order | None:
        return self.by_id.get(order_id)

    def of_customer(self, customer_id: str, *, cursor: str | None, limit: int) -> OrderPage:
        own = [order for order in self.by_id.values() if order.customer_id == customer_id]
        own.sort(key=lambda order: order.placed_at, reverse=True)
        if cursor is not None:
            ids = [order.order_id for order in own]
            if cursor not in ids:
                raise InvalidCursorError
            own = own[ids.index(cursor) + 1 :]
        page, rest = own[:limit], own[limit:]
        return OrderPage(orders=page, next_cursor=page[-1].order_id if rest else None)

    def mark_notified(self, order_id: str) -> bool:
        order = self.by_id.get(order_id)
        if order is None:
            raise OrderNotFoundError
        if order.state is not OrderState.PLACED:
            return False
        self.by_id[order_id] = order.model_copy(update={"state": OrderState.NOTIFIED})
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


class FakeBus:
    """A bus that remembers what it accepted, and may refuse."""

    def __init__(self) -> None:
        self.published: list[OrderPlaced] = []
        self.failure: Exception | None = None

    def publish_order_placed(self, events: Sequence[OrderPlaced]) -> None:
        if self.failure is not None:
            raise self.failure
        self.published.extend(events)
