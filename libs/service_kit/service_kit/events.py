"""Events: handlers of a payload delivered directly, and publishing."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from service_kit.bus_event import BusEvent, correlation_in
from service_kit.invocation import LambdaHandler, invocation
from service_kit.publisher import BusEntry, EventsNotPublished, publish
from service_kit.validation import InvalidData, safe_reasons

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["BusEntry", "BusEvent", "EventsNotPublished", "event_handler", "publish"]

PayloadT = TypeVar("PayloadT", bound=BaseModel)


def event_handler(model: type[PayloadT]) -> Callable[[Callable[[PayloadT], Any]], LambdaHandler[Any]]:
    """Make a function the handler of a trigger that delivers one payload, such as EventBridge or Cognito.

    The Lambda answers what the function returns; a model is dumped as JSON by its aliases. Whatever the
    function raises fails the invocation: Lambda retries an event, and Cognito tells the message to the user.

    Args:
        model: What the payload must fit: `BusEvent[OrderPlaced]`, or the model of a trigger's event.

    Raises:
        InvalidData: By the handler, when a payload does not fit; says why without the payload.
    """

    def decorate(handle: Callable[[PayloadT], Any]) -> LambdaHandler[Any]:
        @wraps(handle)
        def handler(event: dict[str, Any], context: Any) -> Any:
            with invocation(context, correlation=correlation_in(event)):
                answer = handle(_parse(model, event))
                return (
                    answer.model_dump(mode="json", by_alias=True) if isinstance(answer, BaseModel) else answer
                )

        return handler

    return decorate


def _parse(model: type[PayloadT], event: dict[str, Any]) -> PayloadT:
    try:
        # As JSON, because that is what a strict model expects of a payload.
        return model.model_validate_json(to_json(event))
    except ValidationError as error:
        raise InvalidData(safe_reasons(error)) from None
