"""A REST API passes the path and its parameters to the integration percent-encoded, as they were sent.

MiniStack decodes them before it matches the route, so that an encoded slash separates segments there.

https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html (proxy integration events)
https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from ministack import app


def install() -> None:
    """Route requests to APIs by the path of their request line."""
    app._handle_execute_api_request = by_raw_path(app._handle_execute_api_request)


def by_raw_path(handle: Callable[..., Any]) -> Callable[..., Any]:
    """Make the handling of requests to APIs see the path that was sent."""

    @wraps(handle)
    async def operation(host: str, path: str, *rest: Any, **further: Any) -> Any:
        return await handle(host, further.get("raw_path") or path, *rest, **further)

    return operation
