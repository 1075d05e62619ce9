"""Handlers of SQS queues, message by message."""

from __future__ import annotations

import random
import re
import time
from datetime import UTC, datetime
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, cast

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from pydantic import ValidationError
from pydantic_core import from_json

from service_kit import aws
from service_kit._safe.validation import InvalidData, safe_reasons
from service_kit.deadlines import within
from service_kit.events._arguments import EventArguments
from service_kit.events._bus_event import BusEvent, correlation_in
from service_kit.events._dead_letters import DeadLetterSettings, put_aside
from service_kit.invocation import (
    CHECK_FAILURES,
    invocation,
    is_release_check,
    log_error,
    logger,
    metrics,
    seconds_left,
    use_correlation_id,
)
from service_kit.outages import DependencyUnavailable
from service_kit.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from service_kit.events._arguments import EventHandler

__all__ = ["QueueSettings", "queue_handler"]

LONGEST_PAUSE_SECONDS = 300
# Kept back from the messages, to say of each that failed when it is to come again.
_REPORTING_SECONDS = 1.0
_LONGEST_INVOCATION_SECONDS = 900.0
_MOST_AT_ONCE = 10
# Only the bus writes a queue, but what is logged must not depend on that.
_DETAIL_TYPE = re.compile(r"[a-z_]{1,64}")


class _Unreadable(InvalidData):
    """A message that no try will make readable; unlike what the function itself may raise."""


class QueueSettings(DeadLetterSettings):
    """For functions that read a queue; without its URL, SQS decides when a failed message comes again."""

    queue_url: str | None = None


def queue_handler(
    *,
    plain_json: bool = False,
    hopeless: tuple[type[Exception], ...] = (),
    uses: Collection[Callable[[], object]] = (),
) -> Callable[[Callable[..., None]], EventHandler[dict[str, Any]]]:
    """Make a function the handler of a queue; it is called once for each message.

    Its parameter is the message, such as a `BusEvent[OrderPlaced]`. Others may be marked `FromParameter(…)`.

    What can never succeed is put aside at once: sent to the dead-letter queue with its reason, and done. Any
    other message for which the function raises, or for which no time is left, is reported as failed while
    the others are done. It comes again soon, after pauses that grow, until SQS itself moves it to the
    dead-letter queue. The log names it by its id and never shows its body.

    The event source needs `ReportBatchItemFailures`, the function `QueueSettings` in its environment and the
    permissions `sqs:ChangeMessageVisibility` on the queue and `sqs:SendMessage` on its dead-letter queue.

    Args:
        plain_json: Whether a body is the detail itself, without EventBridge's envelope; the envelope is then
            made of the message's id and time.
        hopeless: What the function raises when trying again would be in vain.
        uses: Functions of `wiring` that it calls; in Lambda they are called at its start.

    Raises:
        SignatureError: When the signature says too little, as soon as the function is decorated.
    """
    in_vain: tuple[type[Exception], ...] = (_Unreadable, *hopeless)

    def decorate(handle: Callable[..., None]) -> EventHandler[dict[str, Any]]:
        arguments = EventArguments(handle, uses=uses)
        envelope = arguments.contract.event
        if not (isinstance(envelope, type) and issubclass(envelope, BusEvent)):
            raise arguments.error("annotate it as BusEvent[Model]")
        parse = partial(_of_plain_json if plain_json else _of_bus, envelope)

        def process(record: SQSRecord, ends_at: float) -> None:
            try:
                event = _parsed(parse, record)
                with within(ends_at - time.monotonic()):
                    handle(**arguments.of(event))
            except in_vain as error:
                _give_up(record, error)
            except Exception as error:
                metrics.add_metric(name="FailedMessage", unit="Count", value=1)
                log_error("message failed", error, message_id=record.message_id)
                raise

        @wraps(handle)
        def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
            # Raising when all messages fail would have the runtime log their errors again, unredacted.
            processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
            failures: list[str] = []
            with invocation(context, event=event):
                ends_at = time.monotonic() + _seconds_for_messages(context)

                def process_correlated(record: SQSRecord) -> None:
                    correlation, keys = _keys_of(record, plain_json=plain_json)
                    with use_correlation_id(correlation), logger.append_context_keys(**keys):
                        try:
                            process(record, ends_at)
                        except Exception as error:
                            failures.append(type(error).__name__)
                            raise

                answer = process_partial_response(event, process_correlated, processor)
                if is_release_check():
                    # No queue has these messages: who sent them reads what became of them.
                    return {CHECK_FAILURES: failures}
                _retry_soon([record for record in processor.fail_messages if isinstance(record, SQSRecord)])
                return dict(answer)

        made = cast("EventHandler[dict[str, Any]]", handler)
        made.contract = arguments.contract
        return made

    return decorate


def _of_bus(envelope: type[BusEvent[Any]], record: SQSRecord) -> BusEvent[Any]:
    return envelope.model_validate_json(record.body)


def _of_plain_json(envelope: type[BusEvent[Any]], record: SQSRecord) -> BusEvent[Any]:
    detail: Any = envelope.model_fields["detail"].annotation
    return envelope(
        id=record.message_id,
        source=record.event_source_arn,
        detail_type="",
        time=datetime.fromtimestamp(int(record.attributes.sent_timestamp) / 1000, tz=UTC),
        detail=detail.model_validate_json(record.body),
    )


def _seconds_for_messages(context: Any) -> float:
    left = min(seconds_left(context), _LONGEST_INVOCATION_SECONDS)
    return max(left - _REPORTING_SECONDS, left / 2)


def _parsed(parse: Callable[[SQSRecord], BusEvent[Any]], record: SQSRecord) -> BusEvent[Any]:
    try:
        return parse(record)
    except ValidationError as error:
        raise _Unreadable(safe_reasons(error)) from None


def _give_up(record: SQSRecord, error: Exception) -> None:
    """Put a message aside; when that is not possible it is reported as failed, so that none is lost."""
    from service_kit._safe.redaction import safe_message  # noqa: PLC0415, only when something fails

    if is_release_check():
        raise error
    if isinstance(error, _Unreadable):
        code, reason = "InvalidMessage", f"message does not fit: {error}"
        logger.error("message does not fit", message_id=record.message_id, reasons=error.reasons)
    else:
        code, reason = "HopelessMessage", f"message failed: {type(error).__name__}: {safe_message(error)}"
        log_error("message failed", error, message_id=record.message_id)
    metrics.add_metric(name=code, unit="Count", value=1)
    dead_letter_queue_url = load_settings(QueueSettings).dead_letter_queue_url
    if dead_letter_queue_url is None:
        raise error
    put_aside(
        dead_letter_queue_url,
        record.body,
        code=code,
        reason=reason,
        first_id=record.message_id,
        target=record.event_source_arn,
    )


def _retry_soon(failed: Sequence[SQSRecord]) -> None:
    """Let failed messages come again soon; the visibility timeout is for those of a function cut off."""
    queue_url = load_settings(QueueSettings).queue_url if failed else None
    if queue_url is None:
        return
    pauses = {record.message_id: _pause_seconds(record) for record in failed}
    logger.debug("messages come again", after_seconds=pauses)
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415, heavy

    for start in range(0, len(failed), _MOST_AT_ONCE):
        try:
            aws.client("sqs").change_message_visibility_batch(
                QueueUrl=queue_url,
                Entries=[
                    {
                        "Id": str(number),
                        "ReceiptHandle": record.receipt_handle,
                        "VisibilityTimeout": pauses[record.message_id],
                    }
                    for number, record in enumerate(failed[start : start + _MOST_AT_ONCE])
                ],
            )
        except (BotoCoreError, ClientError, DependencyUnavailable) as error:
            # They come again all the same, only later.
            log_error("messages keep their visibility timeout", error)


def _pause_seconds(record: SQSRecord) -> int:
    """Return how long a message rests: 1 to 2 s at first, twice as long each time, at most five minutes.

    Half of it is left to chance, so that messages that failed together do not come back together.
    """
    receive_count = int(record.attributes.approximate_receive_count)
    longest = min(2.0 ** min(receive_count, 10), LONGEST_PAUSE_SECONDS)
    return max(1, round(longest * random.uniform(0.5, 1)))  # noqa: S311, jitter


def _keys_of(record: SQSRecord, *, plain_json: bool) -> tuple[str | None, dict[str, Any]]:
    """Return a message's correlation id, and what its log lines say of it."""
    keys = {
        "message_id": record.message_id,
        "attempt": int(record.attributes.approximate_receive_count),
    }
    try:
        document = from_json(record.body)
    except (TypeError, ValueError):
        # Text that cannot be encoded, such as half of a surrogate pair, is said to be of the wrong type.
        return None, keys
    if plain_json:
        return correlation_in({"detail": document}), keys
    detail_type = document.get("detail-type") if isinstance(document, dict) else None
    if isinstance(detail_type, str) and _DETAIL_TYPE.fullmatch(detail_type):
        keys["detail_type"] = detail_type
    return correlation_in(document), keys
