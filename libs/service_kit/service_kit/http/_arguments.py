"""From the signature of a handler to what it reads of a request, and from a request to its arguments."""

from __future__ import annotations

import inspect
from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field, create_model

from service_kit.http._parsing import parse_body, parse_headers, parse_path, parse_query
from service_kit.http._problems import BadRequest
from service_kit.http._request import Caller, FromHeader, FromPath
from service_kit.signature import Argument, ParameterSource, Signature

if TYPE_CHECKING:
    from collections.abc import Callable

    from service_kit.http._problems import FieldError
    from service_kit.parameters import Parameter

__all__ = ["Arguments"]


class Arguments:
    """Makes the arguments of one endpoint's function.

    Args:
        signature: The function's signature.
        max_body_bytes: Longest body that is read.

    Attributes:
        models: Models of what it reads of a request, by its part: `path`, `query`, `body` or `headers`.
        parameters: SSM parameters by the names of the arguments that have their values.
        caller: Name of the argument that is the caller, or None.

    Raises:
        SignatureError: When the signature does not say where an argument comes from.
    """

    def __init__(self, signature: Signature, *, max_body_bytes: int) -> None:
        self.models: dict[str, type[BaseModel]] = {}
        self.parameters: dict[str, Parameter[Any]] = {}
        self.caller: str | None = None
        self._fields: dict[str, dict[str, Any]] = {"path": {}, "headers": {}}
        for argument in signature.arguments:
            self._add(signature, argument)
        for part, fields in self._fields.items():
            if fields:
                self.models[part] = create_model(f"{part} of {signature.handler}", **fields)
        parsers: dict[str, Callable[[Any, dict[str, Any]], BaseModel]] = {
            # In the order in which faults are reported.
            "path": parse_path,
            "query": parse_query,
            "body": partial(parse_body, max_bytes=max_body_bytes),
            "headers": parse_headers,
        }
        self._parsers = [
            (part, partial(parse, self.models[part]))
            for part, parse in parsers.items()
            if part in self.models
        ]

    def of(self, event: dict[str, Any], caller: Caller | None) -> dict[str, Any]:
        """Return the arguments that a request gives, by name.

        SSM comes last: a request that does not fit reads no parameter.

        Raises:
            BadRequest: When the request does not fit; it names the bad fields of all its parts.
            ParameterUnavailable: When a parameter has no value that could serve.
        """
        arguments: dict[str, Any] = {} if self.caller is None else {self.caller: caller}
        faults: list[FieldError] = []
        for part, parse in self._parsers:
            try:
                parsed = parse(event)
            except BadRequest as bad:
                faults.extend(bad.errors)
                continue
            if part in self._fields:
                arguments.update(parsed.__dict__)
            else:
                arguments[part] = parsed
        if faults:
            raise BadRequest(errors=faults)
        for name, parameter in self.parameters.items():
            arguments[name] = parameter.get()
        return arguments

    def _add(self, signature: Signature, argument: Argument) -> None:
        match argument.source:
            case FromPath() as source:
                self._fields["path"][argument.name] = _field(argument, source)
            case FromHeader() as source:
                self._fields["headers"][argument.name] = _field(argument, source)
            case ParameterSource() as source:
                self.parameters[argument.name] = source.parameter(signature, argument)
            case _ if argument.name in {"body", "query"}:
                if not (isinstance(argument.type, type) and issubclass(argument.type, BaseModel)):
                    raise signature.error(argument, "annotate it with a pydantic model")
                self.models[argument.name] = argument.type
            case _ if argument.type is Caller and self.caller is None:
                self.caller = argument.name
            case _:
                raise signature.error(
                    argument,
                    "nothing says where it comes from: call it body or query, annotate it as Caller, "
                    "or mark it FromPath(), FromHeader() or FromParameter(…)",
                )


def _field(argument: Argument, source: FromPath | FromHeader) -> tuple[Any, Any]:
    default = ... if argument.default is inspect.Parameter.empty else argument.default
    return argument.type, Field(default, alias=source.name_of(argument.name))
