"""What a handler's signature says: where its arguments come from, and what it returns.

It is read once, when the handler is decorated, so that a mistake shows when its module is imported.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Argument", "ParameterSource", "Signature", "SignatureError", "Source", "signature_of"]

_KINDS = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


class SignatureError(TypeError):
    """A handler's signature does not say what its decorator needs to know."""


class Source:
    """Base of what marks, in `Annotated`, where an argument comes from."""

    __slots__ = ()


class ParameterSource(Source):
    """Base of marks of arguments that do not come with the event, but from SSM."""

    __slots__ = ()

    def parameter(self, signature: Signature, argument: Argument) -> Any:
        """Return the `Parameter` whose value the argument has at each invocation.

        `parameters` imports this module, so it cannot be named here.

        Raises:
            SignatureError: When the argument's type is none that a parameter can have.
        """
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Argument:
    """One parameter of a handler.

    Attributes:
        name: Its name.
        type: Its annotation, without the mark.
        source: The mark that says where it comes from, or None.
        default: Its default; `inspect.Parameter.empty` when it has none.
    """

    name: str
    type: Any
    source: Source | None
    default: Any


@dataclass(frozen=True, slots=True)
class Signature:
    """What a handler takes and returns.

    Attributes:
        handler: Dotted name of the handler, for messages.
        function: Key of its function in serverless.yml, which is that of its module.
        arguments: Its parameters.
        returns: Its return annotation.
    """

    handler: str
    function: str
    arguments: tuple[Argument, ...]
    returns: Any

    def error(self, argument: Argument, fault: str) -> SignatureError:
        """Return the error that names the handler, one of its parameters and what is wrong with it."""
        return _error(self.handler, argument.name, fault)


def signature_of(handle: Callable[..., Any]) -> Signature:
    """Read the signature of a function that is to be a handler.

    Raises:
        SignatureError: When it says too little; the message names the parameter and the way out.
    """
    handler = f"{handle.__module__}.{handle.__qualname__}"
    try:
        hints = get_type_hints(handle, include_extras=True)
    except NameError as error:
        fault = f"its annotation {error.name} is not known at run time: import it outside of TYPE_CHECKING"
        raise SignatureError(f"handler {handler}: {fault}") from None
    if "return" not in hints:
        raise SignatureError(f"handler {handler} has no return annotation: write -> None for no result")
    parameters = inspect.signature(handle).parameters.values()
    return Signature(
        handler=handler,
        function=handle.__module__.rpartition(".")[2].replace("_", "-"),
        arguments=tuple(_argument(handler, parameter, hints) for parameter in parameters),
        returns=hints["return"],
    )


def _argument(handler: str, parameter: inspect.Parameter, hints: dict[str, Any]) -> Argument:
    if parameter.kind not in _KINDS:
        raise _error(handler, str(parameter), "arguments are passed by name")
    if parameter.name not in hints:
        raise _error(handler, parameter.name, "it has no annotation, which says what it is")
    kind, source = hints[parameter.name], None
    if get_origin(kind) is Annotated:
        kind, *marks = get_args(kind)
        sources = [mark for mark in marks if isinstance(mark, Source)]
        if len(sources) > 1:
            raise _error(handler, parameter.name, "it comes from more than one place")
        source = sources[0] if sources else None
        if others := [mark for mark in marks if mark is not source]:
            kind = Annotated[kind, *others]
    return Argument(parameter.name, kind, source, parameter.default)


def _error(handler: str, name: str, fault: str) -> SignatureError:
    return SignatureError(f"handler {handler}: parameter `{name}`: {fault}")
