"""Handlers of SQS queues, message by message."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from service_kit.bus_event import BusEvent, correlation_in
from service_kit.invocation import LambdaHandler, count, invocation, log_error, logger, use_correlation_id
from service_kit.validation import InvalidData, safe_reasons

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

__all__ = ["queue_handler"]

ModelT = TypeVar("ModelT", bound=BaseModel)


def queue_handler(
    model: type[ModelT], *, plain_json: bool = False
) -> Callable[[Callable[[BusEvent[ModelT]], None]], LambdaHandler[dict[str, Any]]]:
    """Make a function the handler of a queue; it is called once for each message.

    A message that does not fit, or for which the function raises, is reported as failed while the others
    are done; SQS delivers it again and moves it to the dead-letter queue in the end. The log names it by
    its id and never shows its body. The event source needs `ReportBatchItemFailures`.

    Args:
        model: Model of the event's detail.
        plain_json: Whether a body is the detail itself, without EventBridge's envelope; the envelope is then
            made of the message's id and time.
    """
    envelope = BusEvent[model]  # type: ignore[valid-type]

    def parse(record: SQSRecord) -> BusEvent[ModelT]:
        if not plain_json:
            return envelope.model_validate_json(record.body)
        return envelope(
            id=record.message_id,
            source=record.event_source_arn,
            detail_type="",
            time=datetime.fromtimestamp(int(record.attributes.sent_timestamp) / 1000, tz=UTC),
            detail=model.model_validate_json(record.body),
        )

    def decorate(handle: Callable[[BusEvent[ModelT]], None]) -> LambdaHandler[dict[str, Any]]:
        def process(record: SQSRecord) -> None:
            with use_correlation_id(_correlation_of(record.body, plain_json=plain_json)):
                try:
                    handle(_parsed(parse, record))
                except Exception as error:
                    _report(record.message_id, error)
                    raise

        @wraps(handle)
        def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
            # Raising when all messages fail would have the runtime log their errors again, unredacted.
            processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
            with invocation(context):
                with processor(event.get("Records", []), process):
                    processor.process()
                return dict(processor.response())

        return handler

    return decorate


def _parsed(
    parse: Callable[[SQSRecord], BusEvent[ModelT]],
    record: SQSRecord,
) -> BusEvent[ModelT]:
    try:
        return parse(record)
    except ValidationError as error:
        raise InvalidData(safe_reasons(error)) from None


def _report(message_id: str, error: Exception) -> None:
    if isinstance(error, InvalidData):
        count("InvalidMessage")
        logger.error("message does not fit", message_id=message_id, reasons=error.reasons)
    else:
        count("FailedMessage")
        log_error("message failed", error, message_id=message_id)


def _correlation_of(body: str, *, plain_json: bool) -> str | None:
    try:
        document = from_json(body)
    except ValueError:
        return None
    return correlation_in({"detail": document} if plain_json else document)
