"""From the signature of a function that handles events to the arguments that it is called with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from service_kit.signature import Argument, ParameterSource, SignatureError, signature_of
from service_kit.startup import at_start

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from service_kit.parameters import Parameter

__all__ = ["EventArguments", "EventContract", "EventHandler"]

ReplyT_co = TypeVar("ReplyT_co", covariant=True)


@dataclass(frozen=True)
class EventContract:
    """What a handler of events reads: `contract` of it.

    Attributes:
        event: Type of the argument that is the event.
        parameters: SSM parameters that it reads, by the names of the arguments that have their values.
        uses: Functions of `wiring` that it calls.
    """

    event: Any
    parameters: Mapping[str, Parameter[Any]]
    uses: Collection[Callable[[], object]]


class EventHandler(Protocol[ReplyT_co]):
    """A handler of events as Lambda calls it.

    Attributes:
        contract: What its signature says.
    """

    contract: EventContract

    def __call__(self, event: dict[str, Any], context: Any, /) -> ReplyT_co:
        """Work on an event."""


class EventArguments:
    """Makes the arguments of one function: the event, and parameters of SSM.

    Args:
        handle: The function; one of its parameters is the event, all others are marked `FromParameter(…)`.
        uses: Functions of `wiring` that it calls; in Lambda they are called at its start.

    Attributes:
        contract: What its signature says.

    Raises:
        SignatureError: When the signature does not say which argument is the event.
    """

    def __init__(self, handle: Callable[..., Any], *, uses: Collection[Callable[[], object]]) -> None:
        self._signature = signature_of(handle)
        self._parameters: dict[str, Parameter[Any]] = {}
        events: list[Argument] = []
        for argument in self._signature.arguments:
            if isinstance(argument.source, ParameterSource):
                self._parameters[argument.name] = argument.source.parameter(self._signature, argument)
            else:
                events.append(argument)
        if not events:
            raise SignatureError(f"handler {self._signature.handler} has no parameter for the event")
        self._event, *others = events
        for other in others:
            raise self._signature.error(other, "only one is the event: mark the others FromParameter(…)")
        self.contract = EventContract(self._event.type, self._parameters, uses)
        at_start(*uses)

    def of(self, event: object) -> dict[str, Any]:
        """Return the arguments for an event, by name.

        Raises:
            ParameterUnavailable: When a parameter has no value that could serve.
        """
        values = {name: parameter.get() for name, parameter in self._parameters.items()}
        return {self._event.name: event, **values}

    def error(self, fault: str) -> SignatureError:
        """Return the error that says what is wrong with the type of the event."""
        return self._signature.error(self._event, fault)
