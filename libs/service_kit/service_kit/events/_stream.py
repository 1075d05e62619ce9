"""Handlers of DynamoDB streams, batch by batch."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar, cast, get_args, get_origin

from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord, StreamRecord
from pydantic import BaseModel, ValidationError

from service_kit._safe.validation import InvalidData, safe_reasons
from service_kit.events._arguments import EventArguments
from service_kit.events._dead_letters import MAX_BODY_BYTES, DeadLetterSettings, put_aside
from service_kit.invocation import invocation, is_release_check, log_error, logger, metrics
from service_kit.outages import DependencyUnavailable
from service_kit.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from service_kit.events._arguments import EventHandler

__all__ = ["Change", "stream_handler"]

ModelT = TypeVar("ModelT", bound=BaseModel)
Record: TypeAlias = dict[str, Any]
Failure: TypeAlias = tuple[Record, Exception]


@dataclass(frozen=True, slots=True)
class Change(Generic[ModelT]):
    """What happened to an item.

    Attributes:
        new: The item since then.
        old: The item before; None when it is new, or the stream does not keep old images.
        at: When it happened.
    """

    new: ModelT
    old: ModelT | None
    at: datetime


def stream_handler(
    *,
    event_names: Collection[str] = frozenset({"INSERT"}),
    where: Callable[[dict[str, Any]], bool] | None = None,
    again: tuple[type[Exception], ...] = (),
    uses: Collection[Callable[[], object]] = (),
) -> Callable[[Callable[..., None]], EventHandler[None]]:
    """Make a function the handler of a table's stream; it is called once with all changes of a batch.

    Its parameter is the changes, such as a `list[Change[Order]]`. Others may be marked `FromParameter(…)`.

    A stream waits for its first record, so one that can never be worked on would hold up all behind it. Such
    a record is put aside with its reason: one that cannot be read, or for which alone the function raises
    something unexpected. What AWS refuses, and what `again` names, fails the invocation instead, so that
    Lambda delivers the whole batch again. Partial batch responses would gain little: a stream is delivered
    again from its first failure on in either case, and one call can publish a batch at once. A record may
    therefore come twice.

    The function needs `DeadLetterSettings` in its environment, and `sqs:SendMessage` on that queue. Without
    them an unreadable record fails the invocation too.

    Args:
        event_names: Which changes count: `INSERT`, `MODIFY`; a removal has no new image.
        where: Tells by its image which items count, on tables with several kinds of them.
        again: What the function raises when the batch is to be delivered again.
        uses: Functions of `wiring` that it calls; in Lambda they are called at its start.

    Raises:
        SignatureError: When the signature says too little, as soon as the function is decorated.
    """

    def decorate(handle: Callable[..., None]) -> EventHandler[None]:
        arguments = EventArguments(handle, uses=uses)
        model = _model_in(arguments)

        def read(record: Record) -> Change[Any] | None:
            if record["eventName"] not in event_names:
                return None
            stream = DynamoDBRecord(record).dynamodb
            if stream is None:
                raise InvalidData(["dynamodb: Field required"])
            if where is not None and not where(stream.new_image):
                return None
            return _change(model, stream)

        def work_on(changes: list[Change[Any]]) -> None:
            handle(**arguments.of(changes))

        @wraps(handle)
        def handler(event: dict[str, Any], context: Any) -> None:
            with invocation(context, event=event):
                changes, failures = _read_all(event["Records"], read)
                logger.debug(
                    "records read",
                    records=len(event["Records"]),
                    changes=len(changes),
                    failures=len(failures),
                )
                if changes:
                    failures += _work_on(changes, work_on, again)
                # Last, so that none is put aside twice when the others have to come again.
                for failure in failures:
                    _put_aside(*failure)

        made = cast("EventHandler[None]", handler)
        made.contract = arguments.contract
        return made

    return decorate


def _model_in(arguments: EventArguments) -> type[BaseModel]:
    """Return the model of an item out of `list[Change[Model]]`."""
    batch = arguments.contract.event
    (change,) = get_args(batch) if get_origin(batch) is list else (None,)
    (model,) = get_args(change) if get_origin(change) is Change else (None,)
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        raise arguments.error("annotate it as list[Change[Model]]")
    return model


def _read_all(
    records: Iterable[Record], read: Callable[[Record], Change[ModelT] | None]
) -> tuple[list[tuple[Record, Change[ModelT]]], list[Failure]]:
    """Read records; return the changes that count, and what cannot be read."""
    changes, failures = [], []
    for record in records:
        try:
            change = read(record)
        except Exception as error:
            if _dead_letter_queue() is None:
                raise
            failures.append((record, error))
        else:
            changes += [(record, change)] if change else []
    return changes, failures


def _work_on(
    changes: list[tuple[Record, Change[ModelT]]],
    handle: Callable[[list[Change[ModelT]]], None],
    again: tuple[type[Exception], ...],
) -> list[Failure]:
    """Call the function with all changes, or else with each; return those that it cannot work on."""
    try:
        handle([change for _, change in changes])
    except Exception as error:
        if isinstance(error, again) or _is_of_the_environment(error) or _dead_letter_queue() is None:
            raise
        if len(changes) == 1:
            return [(changes[0][0], error)]
        return [failure for one in changes for failure in _work_on([one], handle, again)]
    return []


def _is_of_the_environment(error: Exception) -> bool:
    """Tell whether an error is about AWS or this function, and not about one record."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415, heavy

    return isinstance(error, (BotoCoreError, ClientError, DependencyUnavailable, MemoryError))


def _dead_letter_queue() -> str | None:
    return load_settings(DeadLetterSettings).dead_letter_queue_url


def _put_aside(record: Record, error: Exception) -> None:
    from service_kit._safe.redaction import safe_message  # noqa: PLC0415, only when something fails

    if is_release_check():
        raise error
    first_id, number = _names_of(record)
    metrics.add_metric(name="UnreadableRecord", unit="Count", value=1)
    log_error("record put aside", error, event_id=first_id, sequence_number=number)
    put_aside(
        str(_dead_letter_queue()),
        _event_of(record),
        code="UnreadableRecord",
        reason=f"{type(error).__name__}: {safe_message(error)}",
        first_id=first_id,
    )


def _event_of(record: Record) -> str:
    """Return the event of this record alone, by which the function can be called again."""
    # In ASCII, so that it holds no character that SQS refuses.
    event = json.dumps({"Records": [record]}, default=repr)
    if len(event) <= MAX_BODY_BYTES:
        return event
    # Its keys lead to the item in the table.
    named = {name: record["dynamodb"].get(name) for name in ("Keys", "SequenceNumber")}
    return json.dumps({"Records": [{**record, "dynamodb": named}]}, default=repr)


def _names_of(record: Any) -> tuple[str, str]:
    try:
        number = str(record["dynamodb"]["SequenceNumber"])
    except (KeyError, TypeError):
        number = "unknown"
    event_id = record.get("eventID") if isinstance(record, dict) else None
    return str(event_id or number), number


def _change(model: type[ModelT], stream: StreamRecord) -> Change[ModelT]:
    happened = stream.approximate_creation_date_time
    return Change(
        new=_parse(model, stream.new_image, stream),
        old=_parse(model, stream.old_image, stream) if stream.old_image else None,
        at=datetime.now(UTC) if happened is None else datetime.fromtimestamp(happened, tz=UTC),
    )


def _parse(model: type[ModelT], image: dict[str, Any], stream: StreamRecord) -> ModelT:
    try:
        return model.model_validate(image)
    except ValidationError as error:
        number = stream.sequence_number or "unknown"
        raise InvalidData([f"record {number}: {reason}" for reason in safe_reasons(error)]) from None
