"""Events: handlers of a payload delivered directly, and publishing."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from service_kit._safe.validation import InvalidData, safe_reasons
from service_kit.events._arguments import EventArguments, EventHandler
from service_kit.events._bus_event import BusEvent, correlation_in
from service_kit.events._publisher import BusEntry, EventsNotPublished, publish
from service_kit.invocation import invocation

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

__all__ = ["BusEntry", "BusEvent", "EventsNotPublished", "event_handler", "publish"]

PayloadT = TypeVar("PayloadT", bound=BaseModel)


def event_handler(
    *, uses: Collection[Callable[[], object]] = ()
) -> Callable[[Callable[..., Any]], EventHandler[Any]]:
    """Make a function the handler of a trigger that delivers one payload, such as EventBridge or Cognito.

    Its parameter's annotation is what the payload must fit: `BusEvent[OrderPlaced]`, or the model of a
    trigger's event. Others may be marked `FromParameter(…)`. The Lambda answers what the function returns; a
    model is dumped as JSON by its aliases. Whatever the function raises fails the invocation: Lambda retries
    an event, and Cognito shows the message to the user.

    Args:
        uses: Functions of `wiring` that it calls; in Lambda they are called at its start.

    Raises:
        SignatureError: When the signature says too little, as soon as the function is decorated.
        InvalidData: By the handler, when a payload does not fit; says why without the payload.
    """

    def decorate(handle: Callable[..., Any]) -> EventHandler[Any]:
        arguments = EventArguments(handle, uses=uses)
        model = arguments.contract.event
        if not (isinstance(model, type) and issubclass(model, BaseModel)):
            raise arguments.error("annotate it with the pydantic model of the event")

        @wraps(handle)
        def handler(event: dict[str, Any], context: Any) -> Any:
            with invocation(context, event=event, correlation=correlation_in(event)):
                answer = handle(**arguments.of(_parse(model, event)))
                return (
                    answer.model_dump(mode="json", by_alias=True) if isinstance(answer, BaseModel) else answer
                )

        made = cast("EventHandler[Any]", handler)
        made.contract = arguments.contract
        return made

    return decorate


def _parse(model: type[PayloadT], event: dict[str, Any]) -> PayloadT:
    try:
        # As JSON, because that is what a strict model expects of a payload.
        return model.model_validate_json(to_json(event))
    except ValidationError as error:
        raise InvalidData(safe_reasons(error)) from None
