"""What other stacks publish in SSM for this stage: their URL, their limits, their identifiers."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar, cast

from pydantic import BaseModel, TypeAdapter

from service_kit.parameters import Parameter, PathOf, Text

__all__ = [
    "published",
    "published_parameter",
    "quotas_parameter",
    "service_quotas",
    "service_url",
]

ModelT = TypeVar("ModelT", bound=BaseModel)

# Stacks write these when they deploy: they change far less often than configuration.
MAX_AGE_SECONDS = 300.0


def service_url(service: str) -> str:
    """Return the root URL of a service's API on this stage, without a slash at its end.

    Raises:
        ParameterUnavailable: When it cannot be read and was not read before.
    """
    return published(service, "serviceUrl").rstrip("/")


def service_quotas(service: str, model: type[ModelT], *, function: str | None = None) -> ModelT:
    """Return the operational limits of a service on this stage.

    Args:
        service: Who published them.
        model: What they must fit.
        function: Takes only the limits of that function, such as `get-restaurants`.

    Raises:
        ParameterUnavailable: When they cannot be read or do not fit, and were not read before.
    """
    return quotas_parameter(service, model, function=function).get()


def published(service: str, name: str) -> str:
    """Return what a stack publishes under `/{service}/{stage}/{name}`.

    Raises:
        ParameterUnavailable: When it cannot be read and was not read before.
    """
    return published_parameter(service, name).get()


@cache
def published_parameter(service: str, name: str) -> Text:
    """Return the one parameter behind `published`, such as to override it in a test."""
    return Text(_published_by(service, name), max_age_seconds=MAX_AGE_SECONDS)


def quotas_parameter(service: str, model: type[ModelT], *, function: str | None = None) -> Parameter[ModelT]:
    """Return the one parameter behind `service_quotas`, such as to override it in a test."""
    return cast("Parameter[ModelT]", _quotas_parameter(service, model, function))


@cache
def _quotas_parameter(service: str, model: type[BaseModel], function: str | None) -> Parameter[Any]:
    def parse(text: str) -> BaseModel:
        if function is None:
            return model.model_validate_json(text)
        return model.model_validate(by_function.validate_json(text).get(function))

    by_function = TypeAdapter(dict[str, Any])
    return Parameter(_published_by(service, "serviceQuotas"), parse, max_age_seconds=MAX_AGE_SECONDS)


def _published_by(service: str, name: str) -> PathOf:
    return lambda settings: f"/{service}/{settings.stage}/{name}"
