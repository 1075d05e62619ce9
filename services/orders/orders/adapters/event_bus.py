"""The stage's EventBridge bus."""

from collections.abc import Mapping, Sequence

from orders.domain.events import OrderEvent
from service_kit.events import BusEntry, EventsNotPublished, publish


class EventBus:
    """Publishes this service's events."""

    def __init__(self, name: str) -> None:
        self._name = name

    def publish(self, events: Sequence[OrderEvent]) -> Mapping[int, str]:
        """Publish the events; give the bus's reason, by its place, for each that it refused at every try."""
        try:
            publish(self._name, [BusEntry(detail_type=event.detail_type, detail=event) for event in events])
        except EventsNotPublished as not_published:
            return not_published.failures
        return {}
