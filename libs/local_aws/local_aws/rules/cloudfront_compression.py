"""A behaviour that compresses sends text of 1,000 bytes to 10 MB compressed to viewers that accept it.

It does so where the cache policy names the coding, and the origin did not compress. MiniStack sends what the
origin sent. Here it is gzip only.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html
"""

import gzip
from collections.abc import Callable
from functools import wraps
from typing import Any

from ministack.services import cloudfront

from local_aws.rules import cloudfront_caching

OK = 200
SIZES = range(1_000, 10_000_001)
TEXTS = ("text/", "application/javascript", "application/json", "application/xml", "image/svg+xml")


def install() -> None:
    """Compress answers on their way to the viewer, after the cache."""
    cloudfront._dataplane_behavior = noting_compression(cloudfront._dataplane_behavior)
    cloudfront._fetch_from_origin = compressing(cloudfront._fetch_from_origin)


def noting_compression(parse: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Note of a behaviour whether it compresses."""

    @wraps(parse)
    def operation(behaviour: Any, *further: Any) -> dict[str, Any]:
        compresses = cloudfront._xbool(behaviour, "Compress", False)
        return {**parse(behaviour, *further), "compresses": compresses}

    return operation


def compressing(fetch: Callable[..., Any]) -> Callable[..., Any]:
    """Compress an answer where its behaviour says so and its viewer accepts it."""

    @wraps(fetch)
    async def operation(*arguments: Any, **further: Any) -> Any:
        status, reason, headers, body = await fetch(*arguments, **further)
        viewing = cloudfront_caching.VIEWING.get()
        behaviour = viewing.behaviour or {}
        allowed = (cloudfront_caching.policy_of(behaviour).get("Parameters") or {}).get(
            "EnableAcceptEncodingGzip"
        )
        is_wanted = (
            behaviour.get("compresses") and allowed and "gzip" in viewing.headers.get("accept-encoding", "")
        )
        is_text = str(headers.get("content-type", "")).startswith(TEXTS)
        if (
            status != OK
            or not is_wanted
            or not is_text
            or len(body) not in SIZES
            or "content-encoding" in headers
        ):
            return status, reason, headers, body
        others = {name: value for name, value in headers.items() if name != "content-length"}
        return (
            status,
            reason,
            {**others, "content-encoding": "gzip", "vary": "Accept-Encoding"},
            gzip.compress(body),
        )

    return operation
