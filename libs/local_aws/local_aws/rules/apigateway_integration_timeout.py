"""An integration that exceeds its timeout, 29 seconds by default, is answered with 504.

The function keeps running; whatever it answers later is lost.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
"""

import asyncio
from collections.abc import Callable
from functools import wraps
from typing import Any

from ministack.services import apigateway_v1

DEFAULT_MILLISECONDS = 29_000


def install() -> None:
    """Limit the time of integrations."""
    apigateway_v1._invoke_lambda_proxy_v1 = with_time_limit(apigateway_v1._invoke_lambda_proxy_v1)


def with_time_limit(invoke: Callable[..., Any]) -> Callable[..., Any]:
    """Answer for an integration that exceeds its time limit."""

    @wraps(invoke)
    async def operation(integration: dict[str, Any], *arguments: Any, **further: Any) -> Any:
        milliseconds = int(integration.get("timeoutInMillis") or DEFAULT_MILLISECONDS)
        try:
            return await asyncio.wait_for(invoke(integration, *arguments, **further), milliseconds / 1000)
        except TimeoutError:
            return apigateway_v1._gw_error("INTEGRATION_TIMEOUT", "Endpoint request timed out")

    return operation
