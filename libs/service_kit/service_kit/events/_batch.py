"""Handlers of SQS queues, batch by batch."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, cast, get_args, get_origin

from pydantic import ValidationError

from service_kit._safe.validation import safe_reasons
from service_kit.events._arguments import EventArguments
from service_kit.events._bus_event import BusEvent
from service_kit.invocation import invocation, logger

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from service_kit.events._arguments import EventHandler

__all__ = ["batch_handler"]


def batch_handler(
    *, uses: Collection[Callable[[], object]] = ()
) -> Callable[[Callable[..., Collection[str]]], EventHandler[dict[str, Any]]]:
    """Make a function the handler of a queue; it is called once for each batch, however large.

    Its parameter has the events of the batch by the ids of their messages, such as
    `dict[str, BusEvent[Detail]]`. It returns the ids of the messages that failed. Those, and messages that do
    not fit, are received again after the queue's visibility timeout, until SQS moves them to the dead-letter
    queue. When it raises, all are received again.

    The event source needs `ReportBatchItemFailures`.

    Args:
        uses: Functions of `wiring` that it calls; in Lambda they are called at its start.

    Raises:
        SignatureError: When the signature says too little, as soon as the function is decorated.
    """

    def decorate(handle: Callable[..., Collection[str]]) -> EventHandler[dict[str, Any]]:
        arguments = EventArguments(handle, uses=uses)
        batch = arguments.contract.event
        envelope = get_args(batch)[-1] if get_origin(batch) is dict else None
        if not (isinstance(envelope, type) and issubclass(envelope, BusEvent)):
            raise arguments.error("annotate it as dict[str, BusEvent[Model]]")

        @wraps(handle)
        def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
            with invocation(context, event=event):
                events: dict[str, BusEvent[Any]] = {}
                failed: list[str] = []
                for record in event["Records"]:
                    message_id = record["messageId"]
                    try:
                        events[message_id] = envelope.model_validate_json(record["body"])
                    except ValidationError as error:
                        failed.append(message_id)
                        logger.error(
                            "message does not fit", message_id=message_id, reasons=safe_reasons(error)
                        )
                if events:
                    failed += handle(**arguments.of(events))
                return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}

        made = cast("EventHandler[dict[str, Any]]", handler)
        made.contract = arguments.contract
        return made

    return decorate
