"""An API with a minimum compression size sends answers of that size compressed to clients that accept gzip.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gzip-compression-decompression.html
"""

import gzip
from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any

from ministack.services import apigateway_v1


def install() -> None:
    """Compress the answers of integrations."""
    apigateway_v1._invoke_lambda_proxy_v1 = compressing(apigateway_v1._invoke_lambda_proxy_v1)


def compressing(invoke: Callable[..., Any]) -> Callable[..., Any]:
    """Make the answer of an integration compressed where the API says so and the client accepts it."""
    request = signature(invoke)

    @wraps(invoke)
    async def operation(*arguments: Any, **further: Any) -> Any:
        answer = await invoke(*arguments, **further)
        given = request.bind(*arguments, **further).arguments
        smallest = apigateway_v1._rest_apis.get(given["api_id"], {}).get("minimumCompressionSize")
        if smallest is None or not isinstance(answer, tuple):
            return answer
        status, headers, body = answer
        is_encoded = any(name.lower() == "content-encoding" for name in headers)
        if is_encoded or len(body) < int(smallest) or not accepts_gzip(given["headers"]):
            return answer
        return status, {**headers, "Content-Encoding": "gzip"}, gzip.compress(body)

    return operation


def accepts_gzip(headers: dict[str, str]) -> bool:
    """Return whether a request's `Accept-Encoding` names gzip, other than to refuse it."""
    codings = headers.get("accept-encoding", "").lower().replace(" ", "").split(",")
    weights = {name: weight or "1" for name, _, weight in (coding.partition(";q=") for coding in codings)}
    return weights.get("gzip", "0").strip("0.") != ""
