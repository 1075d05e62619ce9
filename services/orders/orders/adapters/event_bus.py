"""The stage's EventBridge bus."""

from collections.abc import Mapping, Sequence

from orders.domain.events import OrderEvent, UserErased
from orders.domain.publish_order_events import Refusal
from service_kit.events import BusEntry, EventsNotPublished, publish


class EventBus:
    """Publishes this service's events."""

    def __init__(self, name: str, *, source: str) -> None:
        self._name = name
        self._source = source

    def publish(self, events: Sequence[OrderEvent]) -> Mapping[int, Refusal]:
        """Publish the events; return why, by its place, the bus refused an event at every try."""
        try:
            publish(
                self._name,
                [
                    BusEntry(
                        event.detail_type,
                        detail=event,
                        source=self._source,
                        correlation_id=event.correlation_id,
                    )
                    for event in events
                ],
            )
        except EventsNotPublished as not_published:
            return {
                index: Refusal(code, is_final=index in not_published.hopeless)
                for index, code in not_published.failures.items()
            }
        return {}

    def publish_user_erased(self, erasure_id: str) -> None:
        """Publish that a person was erased.

        Raises:
            service_kit.events.EventsNotPublished: the bus did not accept it after some tries.
        """
        erased = UserErased(erasure_id=erasure_id)
        publish(self._name, [BusEntry("user_erased", detail=erased, source=self._source)])
