"""The stage's EventBridge bus."""

from service_kit.events import BusEntry, publish
from web.domain.events import UserErased


class EventBus:
    """Publishes this service's events."""

    def __init__(self, name: str, *, source: str) -> None:
        self._name = name
        self._source = source

    def publish_user_erased(self, event: UserErased) -> None:
        """Publish the event.

        Raises:
            service_kit.events.EventsNotPublished: the bus did not accept it after some tries.
        """
        publish(self._name, [BusEntry("user_erased", detail=event, source=self._source)])
