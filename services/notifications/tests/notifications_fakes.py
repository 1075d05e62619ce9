"""The collaborators of this service's domain and handler, in memory."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import jsonschema

from notifications.domain.events import RestaurantNotified
from notifications.domain.models import OrderForRestaurant


def order(order_id: str = "1", restaurant_name: str = "Fangtasia") -> OrderForRestaurant:
    """Return an order as its event tells it."""
    return OrderForRestaurant(order_id=order_id, restaurant_name=restaurant_name)


def assert_fits(sent: Mapping[str, Any], schema: Mapping[str, Any]) -> None:
    """Check the parameters of a publication to a topic: message and attributes, none of them unlisted."""
    jsonschema.validate(json.loads(sent["Message"]), schema)
    attributes = {name: one["StringValue"] for name, one in sent["MessageAttributes"].items()}
    jsonschema.validate(attributes, {**schema["x-attributes"], "additionalProperties": False})


class FakeBus:
    """A bus that remembers what it accepted, and may refuse."""

    def __init__(self) -> None:
        self.published: list[RestaurantNotified] = []
        self.failure: Exception | None = None

    def publish_restaurant_notified(self, event: RestaurantNotified) -> None:
        if self.failure is not None:
            raise self.failure
        self.published.append(event)


class FakeChannel:
    """Restaurants that remember what they heard, and how many events the bus had before; they may be away."""

    def __init__(self, bus: FakeBus) -> None:
        self.told: list[OrderForRestaurant] = []
        self.what: list[str] = []
        self.events_before: list[int] = []
        self.failures: dict[str, Exception] = {}
        self._bus = bus

    def tell(self, what_happened: str, order: OrderForRestaurant) -> None:
        if order.restaurant_name in self.failures:
            raise self.failures[order.restaurant_name]
        self.told.append(order)
        self.what.append(what_happened)
        self.events_before.append(len(self._bus.published))


class FakeDeliveries:
    """Deliveries in a set."""

    def __init__(self) -> None:
        self.done: set[str] = set()

    def once(self, name: str, deliver: Callable[[], None]) -> None:
        if name not in self.done:
            deliver()
            self.done.add(name)


class FakeCustomerChannel:
    """Customers that remember what they were told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, dict[str, str]]] = []

    def tell(self, customer_id: str, notice: dict[str, str]) -> None:
        self.told.append((customer_id, notice))
