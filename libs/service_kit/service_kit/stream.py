"""Handlers of DynamoDB streams, batch by batch."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from aws_lambda_powertools.shared.dynamodb_deserializer import TypeDeserializer
from pydantic import BaseModel, ValidationError

from service_kit.invocation import LambdaHandler, invocation
from service_kit.validation import InvalidData, safe_reasons

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

__all__ = ["stream_handler"]

ModelT = TypeVar("ModelT", bound=BaseModel)

_deserializer = TypeDeserializer()


def stream_handler(
    model: type[ModelT],
    *,
    event_names: Collection[str] = frozenset({"INSERT"}),
    where: Callable[[dict[str, Any]], bool] | None = None,
) -> Callable[[Callable[[list[ModelT]], None]], LambdaHandler[None]]:
    """Make a function the handler of a table's stream; it is called once with all new images of a batch.

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

    def decorate(handle: Callable[[list[ModelT]], None]) -> LambdaHandler[None]:
        @wraps(handle)
        def handler(event: dict[str, Any], context: Any) -> None:
            with invocation(context):
                changes = (
                    _change(record) for record in event["Records"] if record["eventName"] in event_names
                )
                records = [
                    _parse(model, image, number) for number, image in changes if where is None or where(image)
                ]
                if records:
                    handle(records)

        return handler

    return decorate


def _change(record: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    change = record["dynamodb"]
    image = {name: _deserializer.deserialize(value) for name, value in change["NewImage"].items()}
    return change.get("SequenceNumber", "unknown"), image


def _parse(model: type[ModelT], image: dict[str, Any], sequence_number: str) -> ModelT:
    try:
        return model.model_validate(image)
    except ValidationError as error:
        reasons = [f"record {sequence_number}: {reason}" for reason in safe_reasons(error)]
        raise InvalidData(reasons) from None
