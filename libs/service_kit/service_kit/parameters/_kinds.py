"""The kinds of parameters: where each stands, and what its text has to be."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_core import from_json, to_json

from service_kit._safe.validation import safe_reasons
from service_kit.invocation import logger
from service_kit.parameters._parameter import Fetch, Parameter, PathOf, fetch_from_ssm

if TYPE_CHECKING:
    from collections.abc import Callable

    from service_kit.parameters.canary import Canary

__all__ = ["CANARY", "Config", "Published", "Secret", "Text", "of_function"]

ModelT = TypeVar("ModelT", bound=BaseModel)

CANARY = "canary"
"""Reserved field of a configuration's JSON, beside those of its model."""

# Stacks write what they publish when they deploy: it changes far less often than configuration.
PUBLISHED_MAX_AGE_SECONDS = 300.0


class EmptyParameter(ValueError):  # noqa: N818, says what is the case
    """A parameter has no text."""


class Text(Parameter[str]):
    """A parameter that is plain text."""

    def __init__(
        self,
        path_of: PathOf,
        *,
        max_age_seconds: float | None = None,
        clock: Callable[[], float] = time.time,
        fetch: Fetch = fetch_from_ssm,
    ) -> None:
        super().__init__(path_of, _not_empty, max_age_seconds=max_age_seconds, clock=clock, fetch=fetch)


class Published(Text):
    """What a stack publishes for others on its stage, at `/{service}/{stage}/{name}`."""

    def __init__(self, service: str, name: str) -> None:
        """Describe what is published; nothing is read before `get`.

        Args:
            service: Service whose stack publishes it.
            name: The last segment of the path, such as `serviceUrl`.
        """
        super().__init__(
            lambda settings: f"/{service}/{settings.stage}/{name}", max_age_seconds=PUBLISHED_MAX_AGE_SECONDS
        )


class Config(Parameter[ModelT]):
    """The dynamic configuration of a function: JSON at `/{service}/{ssm_stage}/{function}/{name}`.

    Every field of the model has a default, so that a stage works before anyone configures it. The defaults
    serve while there is no such parameter. A parameter that exists and does not fit is a fault, not a reason
    to serve defaults that its author wanted to change: the earlier value serves, or none.

    The reserved field `canary` may hold a candidate, which a share of the invocations gets: drawn for each,
    as Lambda draws for a new version behind an alias. A candidate that does not fit serves no one.
    """

    def __init__(
        self,
        model: type[ModelT],
        *,
        function: str,
        name: str = "config",
        max_age_seconds: float | None = None,
        clock: Callable[[], float] = time.time,
        fetch: Fetch = fetch_from_ssm,
    ) -> None:
        """Describe the configuration of a function; nothing is read before `get`.

        Args:
            model: What the parameter must fit.
            function: The function's key in serverless.yml.
            name: The last segment of the path.
            max_age_seconds: Time to live; by default PARAMETERS_MAX_AGE_SECONDS.
            clock: Seconds.
            fetch: Reads the text of a path.

        Raises:
            TypeError: When a field of the model has no default.
        """
        if required := [field for field, info in model.model_fields.items() if info.is_required()]:
            raise TypeError(f"give a default to {', '.join(required)} of {model.__name__}")
        if CANARY in _names(model):
            raise TypeError(f"{CANARY} is reserved, and a field of {model.__name__}")
        super().__init__(
            of_function(function, name),
            self._validate,
            default=model(),
            max_age_seconds=max_age_seconds,
            clock=clock,
            fetch=fetch,
        )
        self.model = model
        self._label = f"{model.__name__}, {function}/{name}"
        self._candidate: tuple[ModelT, Canary, ModelT] | None = None

    def __repr__(self) -> str:
        return f"Config({self._label})"

    def get(self) -> ModelT:
        """Return the value, or the candidate that stands beside it, drawn at each call."""
        value = super().get()
        if self._candidate is not None:
            beside, canary, candidate = self._candidate
            if beside is value and canary.draws():
                logger.append_keys(configuration=CANARY)
                return candidate
        return value

    def _validate(self, text: str) -> ModelT:
        value = self.model.model_validate_json(text)
        fields = from_json(text)
        written = fields.pop(CANARY, None)
        # A misspelt name would otherwise hide behind its field's default.
        if unknown := sorted(fields.keys() - _names(self.model)):
            logger.warning("nothing reads these fields of a parameter", parameter=self.path, fields=unknown)
        self._candidate = None if written is None else self._beside(value, written)
        return value

    def _beside(self, value: ModelT, written: object) -> tuple[ModelT, Canary, ModelT] | None:
        from service_kit.parameters.canary import Canary  # noqa: PLC0415, see there

        try:
            canary = Canary.model_validate(written)
            return value, canary, self.model.model_validate_json(to_json(canary.config))
        except ValidationError as error:
            reasons = safe_reasons(error)
            logger.warning("a canary of configuration is not valid", parameter=self.path, reasons=reasons)
            return None


class Secret(Parameter[SecretStr]):
    """A secret of a function: a SecureString at `/{service}/{ssm_stage}/{function}/{name}`."""

    def __init__(
        self,
        *,
        function: str,
        name: str = "secretString",
        max_age_seconds: float | None = None,
        clock: Callable[[], float] = time.time,
        fetch: Fetch = fetch_from_ssm,
    ) -> None:
        super().__init__(
            of_function(function, name),
            lambda text: SecretStr(_not_empty(text)),
            decrypt=True,
            max_age_seconds=max_age_seconds,
            clock=clock,
            fetch=fetch,
        )
        self._label = f"{function}/{name}"

    def __repr__(self) -> str:
        return f"Secret({self._label})"


def of_function(function: str, name: str) -> PathOf:
    """Return the path of a parameter of a function, which operators write."""
    return lambda settings: f"/{settings.service}/{settings.ssm_stage}/{function}/{name}"


def _names(model: type[BaseModel]) -> set[str]:
    """Return the names of a model's fields in JSON."""
    return {info.alias or field for field, info in model.model_fields.items()}


def _not_empty(text: str) -> str:
    if not text:
        raise EmptyParameter
    return text
