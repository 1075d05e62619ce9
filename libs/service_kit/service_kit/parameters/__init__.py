"""Configuration and secrets from SSM, read at run time, cached and refreshed without a deployment."""

from service_kit.parameters._arguments import FromParameter, override_parameters
from service_kit.parameters._kinds import CANARY, Config, Published, Secret, Text
from service_kit.parameters._parameter import (
    Parameter,
    ParametersSwitchedOff,
    ParameterUnavailable,
    fetch_from_ssm,
)

__all__ = [
    "CANARY",
    "Config",
    "FromParameter",
    "Parameter",
    "ParameterUnavailable",
    "ParametersSwitchedOff",
    "Published",
    "Secret",
    "Text",
    "fetch_from_ssm",
    "override_parameters",
]
