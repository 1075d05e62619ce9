"""The typed environment of a service, read once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from service_kit._safe.validation import safe_message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic.fields import FieldInfo

__all__ = [
    "EnvName",
    "ServiceSettings",
    "SettingsError",
    "clear_settings",
    "load_settings",
    "read_settings",
]


class SettingsError(Exception):
    """The environment of a function lacks a variable, or has one that does not fit.

    Attributes:
        missing: Names of the variables that are not set or empty.
        wrong: Why a variable does not fit, by its name; never its value.
    """

    def __init__(self, missing: list[str], wrong: dict[str, str]) -> None:
        self.missing = missing
        self.wrong = wrong
        faults = [f"{name} is not set" for name in missing]
        faults += [f"{name} is wrong ({reason})" for name, reason in wrong.items()]
        super().__init__("; ".join(faults))


class EnvName(NamedTuple):
    """Names the variable of a field where it is not the field's name in upper case."""

    name: str


class ServiceSettings(BaseModel):
    """What every function finds in its environment; a service subclasses it with its own fields.

    A field is read from the variable of its name in upper case, or from its `EnvName`.
    """

    # A service has several, of which a function reads one: only that is ever built.
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, defer_build=True)

    service: Annotated[str, EnvName("POWERTOOLS_SERVICE_NAME")]
    stage: str
    ssm_stage: str = Field(default_factory=lambda read: str(read["stage"]))
    parameters_max_age_seconds: float = Field(default=60.0, ge=0, allow_inf_nan=False)
    cors_allowed_origin: str | None = None
    service_kit_parameters: Literal["on", "off"] = "on"
    aws_lambda_initialization_type: str = "on-demand"


SettingsT = TypeVar("SettingsT", bound=ServiceSettings)

_loaded: dict[type[ServiceSettings], Any] = {}


def load_settings(cls: type[SettingsT]) -> SettingsT:
    """Return the settings of this process, read from its environment at the first call.

    Args:
        cls: The service's own settings class; each class is read and kept apart.

    Raises:
        SettingsError: When a variable is missing or wrong; the next call reads again.
    """
    found: SettingsT | None = _loaded.get(cls)
    if found is None:
        found = _loaded[cls] = read_settings(cls, os.environ)
    return found


def read_settings(cls: type[SettingsT], environ: Mapping[str, str]) -> SettingsT:
    """Read settings from any mapping of variables, without keeping them.

    An empty variable counts as not set: templates have no other way to leave one out.

    Raises:
        SettingsError: When a variable is missing or wrong.
    """
    names = {field: _env_name(field, info) for field, info in cls.model_fields.items()}
    given = {field: environ[name] for field, name in names.items() if environ.get(name)}
    try:
        return cls.model_validate(given)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
    missing: list[str] = []
    wrong: dict[str, str] = {}
    for fault in faults:
        name = names[str(fault["loc"][0])] if fault["loc"] else cls.__name__
        if fault["type"] == "missing":
            missing.append(name)
        elif fault["type"] != "default_factory_not_called":
            wrong.setdefault(name, safe_message(fault))
    raise SettingsError(missing, wrong)


def clear_settings() -> None:
    """Forget what was loaded, so that a test can change the environment."""
    _loaded.clear()


def _env_name(field: str, info: FieldInfo) -> str:
    given = next((mark.name for mark in info.metadata if isinstance(mark, EnvName)), None)
    return given or field.upper()
