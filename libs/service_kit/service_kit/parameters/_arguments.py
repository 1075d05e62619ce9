"""Arguments of handlers that have the value of a parameter."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, SecretStr

from service_kit.parameters._kinds import Config, Published, Secret, Text, of_function
from service_kit.signature import Argument, ParameterSource, Signature

if TYPE_CHECKING:
    from collections.abc import Iterator

    from service_kit.parameters._parameter import Parameter

__all__ = ["FromParameter", "override_parameters"]


@dataclass(frozen=True, slots=True)
class FromParameter(ParameterSource):
    """Marks an argument that has the value of an SSM parameter.

    Its type says what the parameter is: a model is a `Config`, a `SecretStr` is a `Secret`, a `str` is text.

    Attributes:
        name: The last segment of the path, such as `config`.
        service: Service whose stack publishes it, at `/{service}/{stage}/{name}`. Without one it is the
            function's own, at `/{service}/{ssm_stage}/{function}/{name}`, written by operators.
    """

    name: str
    service: str | None = None

    def parameter(self, signature: Signature, argument: Argument) -> Parameter[Any]:
        """Return the parameter; nothing is read before it is asked for its value."""
        kind = argument.type
        if self.service is not None:
            if kind is str:
                return Published(self.service, self.name)
            raise signature.error(argument, "what a stack publishes is text: annotate it as str")
        if kind is str:
            return Text(of_function(signature.function, self.name))
        if kind is SecretStr:
            return Secret(function=signature.function, name=self.name)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return Config(kind, function=signature.function, name=self.name)
        raise signature.error(argument, "annotate it as a pydantic model, a SecretStr or a str")


@contextmanager
def override_parameters(handler: Any, **values: Any) -> Iterator[None]:
    """Let a handler have these values for a block, by the names of its arguments, without calling AWS.

    Args:
        handler: What one of the library's decorators made.
        values: The values, such as `config=ResultsConfig()`.
    """
    with ExitStack() as overrides:
        for name, value in values.items():
            overrides.enter_context(handler.contract.parameters[name].override(value))
        yield
