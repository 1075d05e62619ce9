"""Events: handlers of the bus, of queues and of streams, and what publishes to the bus."""

from importlib import import_module
from typing import TYPE_CHECKING

from service_kit.events._bus_event import BusEvent
from service_kit.events._dead_letters import MAX_BODY_BYTES
from service_kit.events._handler import event_handler
from service_kit.events._metadata import EventMetadata, event_detail
from service_kit.events._publisher import BusEntry, EventsNotPublished, publish

if TYPE_CHECKING:
    from service_kit.events._batch import batch_handler
    from service_kit.events._queue import queue_handler
    from service_kit.events._stream import Change, stream_handler

__all__ = [
    "MAX_BODY_BYTES",
    "BusEntry",
    "BusEvent",
    "Change",
    "EventMetadata",
    "EventsNotPublished",
    "batch_handler",
    "event_detail",
    "event_handler",
    "publish",
    "queue_handler",
    "stream_handler",
]

_LATER = {
    "batch_handler": "_batch",
    "queue_handler": "_queue",
    "Change": "_stream",
    "stream_handler": "_stream",
}


def __getattr__(name: str) -> object:
    """Import the handlers of queues and streams when a function asks for them.

    Each brings its part of Powertools, which functions of the other kind would load for nothing.
    """
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
