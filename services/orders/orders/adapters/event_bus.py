"""The stage's EventBridge bus."""

from collections.abc import Sequence

from orders.domain.events import OrderPlaced
from service_kit.events import BusEntry, publish


class EventBus:
    """Publishes this service's events."""

    def __init__(self, name: str) -> None:
        self._name = name

    def publish_order_placed(self, events: Sequence[OrderPlaced]) -> None:
        """Publish all the events.

        Raises:
            service_kit.events.EventsNotPublished: the bus did not accept one of them after some tries.
        """
        publish(self._name, [BusEntry(detail_type="order_placed", detail=event) for event in events])
