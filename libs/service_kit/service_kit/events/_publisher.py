"""Publishing on the event bus, so that no refused entry is lost in silence."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from service_kit import aws
from service_kit.events._metadata import event_detail
from service_kit.invocation import CHECK_DETAIL_TYPE, is_release_check, logger, use_correlation_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from mypy_boto3_events.client import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef
    from pydantic import BaseModel

__all__ = ["BusEntry", "EventsNotPublished", "publish"]

MAX_ENTRIES_PER_CALL = 10
MAX_BYTES_PER_CALL = 1024 * 1024
# EventBridge delivers an event with its envelope, and what it cannot deliver with its reasons. An SQS message
# takes no more than 1 MiB of all that, so a larger event would be accepted and then lost.
MAX_ENTRY_BYTES = MAX_BYTES_PER_CALL - 16 * 1024
MAX_ATTEMPTS = 4
_FIRST_BACK_OFF_SECONDS = 0.1
_TIME_BYTES = 14
TOO_LARGE = "EntryTooLarge"
# The event itself is at fault: no bus and no permission would change the answer.
_OF_THE_EVENT = frozenset({TOO_LARGE, "InvalidArgument", "MalformedDetail", "ValidationException"})
# Trying again at once would get the same answer.
_PERMANENT_CODES = _OF_THE_EVENT | {
    "AccessDeniedException",
    "NotAuthorizedForDetailTypeException",
    "NotAuthorizedForSourceException",
    "ResourceNotFoundException",
}


@dataclass(frozen=True, slots=True)
class BusEntry:
    """An event to publish.

    Attributes:
        detail_type: What happened, such as `order_placed`.
        detail: What there is to say about it, dumped by its aliases; `metadata` is added.
        source: Who says so, by which rules choose.
        time: When it happened; by default when it is published.
        correlation_id: Of the request that led to it; by default the one of the running invocation.
    """

    detail_type: str
    detail: BaseModel
    source: str
    time: datetime | None = None
    correlation_id: str | None = None


class EventsNotPublished(Exception):  # noqa: N818, says what is the case
    """Some entries are not on the bus, after all tries; all others are.

    Attributes:
        failures: Why, by the entry's index in what was to be published.
        hopeless: Indexes of the entries that no bus will ever take.
    """

    def __init__(self, failures: dict[int, str]) -> None:
        self.failures = failures
        self.hopeless = frozenset(index for index, code in failures.items() if code in _OF_THE_EVENT)
        listed = ", ".join(f"{index}: {code}" for index, code in sorted(failures.items()))
        super().__init__(f"{len(failures)} events were not published ({listed})")


def publish(
    bus_name: str,
    entries: Sequence[BusEntry],
    *,
    events_client: EventBridgeClient | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Publish events; each is on the bus at least once when this returns.

    Args:
        bus_name: Name or ARN of the bus.
        entries: What to publish, in any number; sent by ten and under 1 MiB.
        events_client: EventBridge client; by default the shared one.
        sleep: Waits before entries that failed are tried again.

    Raises:
        EventsNotPublished: When entries were refused at every try, or for good.
    """
    bus = events_client or aws.client("events")
    pending = {index: _request_entry(bus_name, entry) for index, entry in enumerate(entries)}
    final = {index: TOO_LARGE for index, entry in pending.items() if _entry_bytes(entry) > MAX_ENTRY_BYTES}
    for index in final:
        del pending[index]
    for attempt in range(MAX_ATTEMPTS):
        if attempt:
            # Full jitter, so that environments that failed together do not come back together.
            sleep(_FIRST_BACK_OFF_SECONDS * 2 ** (attempt - 1) * random.random())  # noqa: S311, jitter
        failed: dict[int, str] = {}
        for chunk in _chunks(pending):
            failed |= _put(bus, chunk)
        final |= {index: code for index, code in failed.items() if code in _PERMANENT_CODES}
        retried = failed.keys() - final.keys()
        if not retried:
            break
        logger.warning("events were refused", count=len(retried), codes=sorted({failed[i] for i in retried}))
        pending = {index: pending[index] for index in sorted(retried)}
    else:
        final |= failed
    _log_outcomes(entries, final)
    if final:
        raise EventsNotPublished(final)


def _log_outcomes(entries: Sequence[BusEntry], refused: dict[int, str]) -> None:
    """Log each event under its own correlation id: an outbox publishes those of many requests at once."""
    for index, entry in enumerate(entries):
        with use_correlation_id(entry.correlation_id):
            if index in refused:
                logger.warning("event refused", detail_type=entry.detail_type, code=refused[index])
            else:
                logger.info("event published", detail_type=entry.detail_type)


def _put(bus: EventBridgeClient, chunk: dict[int, PutEventsRequestEntryTypeDef]) -> dict[int, str]:
    """Send one call and return the error codes of the entries that it did not take, by index."""
    try:
        results: Sequence[Any] = bus.put_events(Entries=list(chunk.values()))["Entries"]
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "unknown")
        if code in _OF_THE_EVENT and len(chunk) > 1:
            # One of them spoils the call; alone, the others are taken.
            return {
                index: code for one, entry in chunk.items() for index, code in _put(bus, {one: entry}).items()
            }
        return dict.fromkeys(chunk, code)
    except BotoCoreError as error:
        return dict.fromkeys(chunk, type(error).__name__)
    return {
        index: result["ErrorCode"]
        for index, result in zip(chunk, results, strict=True)
        if result.get("ErrorCode")
    }


def _chunks(
    entries: dict[int, PutEventsRequestEntryTypeDef],
) -> Iterator[dict[int, PutEventsRequestEntryTypeDef]]:
    """Cut entries into calls."""
    chunk: dict[int, PutEventsRequestEntryTypeDef] = {}
    size = 0
    for index, entry in entries.items():
        entry_size = _entry_bytes(entry)
        if chunk and (len(chunk) == MAX_ENTRIES_PER_CALL or size + entry_size >= MAX_BYTES_PER_CALL):
            yield chunk
            chunk, size = {}, 0
        chunk[index] = entry
        size += entry_size
    if chunk:
        yield chunk


def _entry_bytes(entry: PutEventsRequestEntryTypeDef) -> int:
    texts = (entry["Source"], entry["DetailType"], entry["Detail"])
    return sum(len(text.encode()) for text in texts) + (_TIME_BYTES if "Time" in entry else 0)


def _request_entry(bus_name: str, entry: BusEntry) -> PutEventsRequestEntryTypeDef:
    request: PutEventsRequestEntryTypeDef = {
        "EventBusName": bus_name,
        "Source": entry.source,
        # No rule of a consumer names this type.
        "DetailType": CHECK_DETAIL_TYPE if is_release_check() else entry.detail_type,
        "Detail": event_detail(entry.detail, correlation_id=entry.correlation_id),
    }
    if entry.time is not None:
        request["Time"] = entry.time
    return request
