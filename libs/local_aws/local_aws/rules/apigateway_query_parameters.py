"""`queryStringParameters` has the last value of a repeated query parameter.

`multiValueQueryStringParameters` has them all.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from ministack.services import apigateway_v1

Event = dict[str, Any]


def install() -> None:
    """Apply the rule to events."""
    apigateway_v1._build_lambda_event_v1 = with_last_values(apigateway_v1._build_lambda_event_v1)


def with_last_values(build: Callable[..., Event]) -> Callable[..., Event]:
    """Make the event of a request name the last value of each query parameter."""

    @wraps(build)
    def operation(*arguments: Any, **further: Any) -> Event:
        event = build(*arguments, **further)
        every = event["multiValueQueryStringParameters"] or {}
        event["queryStringParameters"] = {name: values[-1] for name, values in every.items()} or None
        return event

    return operation
