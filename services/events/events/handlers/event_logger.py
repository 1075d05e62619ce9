"""The queue of all events."""

from collections.abc import Collection, Iterable, Iterator

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel, ConfigDict

from events import wiring
from events.domain.archive import ArchivedEvent, UnknownEventError, archived, objects
from service_kit.events import BusEvent, batch_handler
from service_kit.invocation import log_error
from service_kit.outages import DependencyUnavailable

logger = Logger()


class Detail(BaseModel):
    """The detail of any event."""

    model_config = ConfigDict(extra="allow")


@batch_handler(uses=(wiring.archive, wiring.archived_fields))
def handle(events: dict[str, BusEvent[Detail]]) -> Collection[str]:
    """Archive a batch of events, and return the messages of those that are not in the archive."""
    known = {name: one for name, event in events.items() if (one := _archived(name, event)) is not None}
    stored = frozenset(_store(known.values()))
    failed = [name for name in events if name not in known or known[name].id not in stored]
    logger.info("events archived", events=len(stored), failed=len(failed))
    return failed


def _archived(message_id: str, event: BusEvent[Detail]) -> ArchivedEvent | None:
    """Return what is archived of an event; None when that is not known."""
    try:
        return archived(
            id=event.id,
            detail_type=event.detail_type,
            time=event.time,
            source=event.source,
            detail=event.detail.model_extra or {},
            fields=wiring.archived_fields(),
        )
    except UnknownEventError as error:
        log_error("the type of an event is not known", error, message_id=message_id)
        return None


def _store(happened: Iterable[ArchivedEvent]) -> Iterator[str]:
    """Write events to the archive, and yield the ids of those that it has."""
    for one in objects(happened):
        try:
            wiring.archive().put(one)
        except (BotoCoreError, ClientError, DependencyUnavailable) as error:
            log_error("events were not archived", error)
        else:
            yield from one.ids
