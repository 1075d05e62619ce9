"""The stage's EventBridge bus."""

from notifications.domain.events import RestaurantNotified
from service_kit.events import BusEntry, publish


class EventBus:
    """Publishes this service's events."""

    def __init__(self, name: str, *, source: str) -> None:
        self._name = name
        self._source = source

    def publish_restaurant_notified(self, event: RestaurantNotified) -> None:
        """Publish the event.

        Raises:
            service_kit.events.EventsNotPublished: the bus did not accept it after some tries.
        """
        publish(self._name, [BusEntry("restaurant_notified", detail=event, source=self._source)])
