"""Handlers of DynamoDB streams, batch by batch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from aws_lambda_powertools.shared.dynamodb_deserializer import TypeDeserializer
from pydantic import BaseModel, ValidationError

from service_kit.invocation import LambdaHandler, invocation
from service_kit.validation import InvalidData, safe_reasons

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

__all__ = ["Change", "stream_handler"]

ModelT = TypeVar("ModelT", bound=BaseModel)

_deserializer = TypeDeserializer()


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
    model: type[ModelT],
    *,
    event_names: Collection[str] = frozenset({"INSERT"}),
    where: Callable[[dict[str, Any]], bool] | None = None,
) -> Callable[[Callable[[list[Change[ModelT]]], None]], LambdaHandler[None]]:
    """Make a function the handler of a table's stream; it is called once with all changes of a batch.

    A batch is done or not done as a whole. Whatever is raised, also for an image that does not fit, fails
    the invocation, so that Lambda delivers the batch again, bisects it when told to, and in the end sends
    it to the failure destination. Partial batch responses would gain little: a stream is delivered again
    from its first failure on in either case, and one call can publish a batch at once. A record may
    therefore come twice.

    Args:
        model: Model of an item.
        event_names: Which changes count: `INSERT`, `MODIFY`; a removal has no new image.
        where: Tells by its image which items count, on tables with several kinds of them.

    Raises:
        InvalidData: By the handler, when an image does not fit; says which record and why, not the image.
    """

    def decorate(handle: Callable[[list[Change[ModelT]]], None]) -> LambdaHandler[None]:
        @wraps(handle)
        def handler(event: dict[str, Any], context: Any) -> None:
            with invocation(context):
                records = (record for record in event["Records"] if record["eventName"] in event_names)
                changes = [
                    _change(model, record)
                    for record in records
                    if where is None or where(_image(record, "NewImage") or {})
                ]
                if changes:
                    handle(changes)

        return handler

    return decorate


def _change(model: type[ModelT], record: dict[str, Any]) -> Change[ModelT]:
    old = _image(record, "OldImage")
    happened = record["dynamodb"].get("ApproximateCreationDateTime")
    return Change(
        new=_parse(model, _image(record, "NewImage"), record),
        old=None if old is None else _parse(model, old, record),
        at=datetime.now(UTC) if happened is None else datetime.fromtimestamp(happened, tz=UTC),
    )


def _image(record: dict[str, Any], name: str) -> dict[str, Any] | None:
    image = record["dynamodb"].get(name)
    if image is None:
        return None
    return {attribute: _deserializer.deserialize(value) for attribute, value in image.items()}


def _parse(model: type[ModelT], image: dict[str, Any] | None, record: dict[str, Any]) -> ModelT:
    try:
        return model.model_validate(image)
    except ValidationError as error:
        number = record["dynamodb"].get("SequenceNumber", "unknown")
        raise InvalidData([f"record {number}: {reason}" for reason in safe_reasons(error)]) from None
