"""A method's settings name its path with `~1` for each slash but the first, as in `/~1orders~1{orderId}`.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-apigateway-stage-methodsetting.html
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from ministack.services.cloudformation import provisioners

Settings = Callable[[Any], dict[str, Any]]


def install() -> None:
    """Find the settings of a method by its path."""
    provisioners._apigw_method_settings = with_decoded_paths(provisioners._apigw_method_settings)


def with_decoded_paths(settings_of: Settings) -> Settings:
    """Decode the paths of a template's settings."""

    @wraps(settings_of)
    def operation(raw: Any) -> dict[str, Any]:
        return {
            key.removeprefix("/").replace("~1", "/") if "~1" in key else key: settings
            for key, settings in settings_of(raw).items()
        }

    return operation
