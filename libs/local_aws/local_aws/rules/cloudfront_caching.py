"""CloudFront keeps answers to GET and HEAD by the cache policy of their behaviour, and says so.

How long: as `Cache-Control` says, within the policy's limits; `no-store` and the like mean the least of them.
What tells answers apart is the path and what of the request the policy names. MiniStack keeps nothing. Errors
are not kept here; AWS keeps some, for the `ErrorCachingMinTTL` of the distribution, 10 seconds by default.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/controlling-the-cache-key.html
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html
"""

import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from inspect import signature
from typing import Any
from urllib.parse import parse_qsl

from ministack.services import cloudfront

Answer = tuple[int, str, dict[str, Any], bytes]
Key = tuple[Any, ...]

READS = {"GET", "HEAD"}
OK = 200
NOT_MODIFIED = 304
DEFAULT_SECONDS = 86_400
MOST_SECONDS = 31_536_000
MOST_ANSWERS = 1_000
KEPT_AS_LITTLE_AS_POSSIBLE = {"no-cache", "no-store", "private"}
CODINGS = {"br": "EnableAcceptEncodingBrotli", "gzip": "EnableAcceptEncodingGzip"}


@dataclass(frozen=True)
class Kept:
    """An answer, and when it was fetched and is forgotten, in seconds of the monotonic clock."""

    answer: Answer
    fetched: float
    forgotten: float


@dataclass
class Viewing:
    """A viewer's request: its headers, the behaviour of its path, and whether its answer was kept."""

    headers: dict[str, str]
    behaviour: dict[str, Any] | None = None
    is_hit: bool = False


KEPT: dict[Key, Kept] = {}
VIEWING: ContextVar[Viewing] = ContextVar("viewing")


def install() -> None:
    """Keep what origins answer, behind the functions of viewers' requests."""
    cloudfront.handle_viewer_request = noting_headers(cloudfront.handle_viewer_request)
    cloudfront._match_behavior = noting_behaviour(cloudfront._match_behavior)
    cloudfront._fetch_from_origin = keeping(cloudfront._fetch_from_origin)
    cloudfront._add_cloudfront_headers = naming_hits(cloudfront._add_cloudfront_headers)
    cloudfront._create_invalidation = forgetting(cloudfront._create_invalidation)


def noting_headers(handle: Callable[..., Any]) -> Callable[..., Any]:
    """Note the headers of each viewer's request."""
    request = signature(handle)

    @wraps(handle)
    async def operation(*arguments: Any, **further: Any) -> Any:
        VIEWING.set(Viewing(request.bind(*arguments, **further).arguments["headers"]))
        return await handle(*arguments, **further)

    return operation


def noting_behaviour(match: Callable[..., Any]) -> Callable[..., Any]:
    """Note the behaviour that a request matches first; a custom error page matches another."""

    @wraps(match)
    def operation(*arguments: Any) -> Any:
        found = match(*arguments)
        viewing = VIEWING.get()
        viewing.behaviour = viewing.behaviour or found
        return found

    return operation


def keeping(fetch: Callable[..., Any]) -> Callable[..., Any]:
    """Answer from what is kept, and keep what is fetched."""
    request = signature(fetch)

    @wraps(fetch)
    async def operation(*arguments: Any, **further: Any) -> Any:
        bound = request.bind(*arguments, **further)
        given, viewing = bound.arguments, VIEWING.get()
        policy = policy_of(viewing.behaviour or {})
        add_headers(given, viewing, policy)
        if not policy or not is_keepable(given, policy):
            return await fetch(*bound.args, **bound.kwargs)
        key, now = key_of(given, policy.get("Parameters") or {}), time.monotonic()
        kept = KEPT.get(key)
        if kept and now < kept.forgotten:
            viewing.is_hit = True
            return from_kept(kept, now, given["headers"].get("if-none-match"))
        answer: Answer = await fetch(*bound.args, **bound.kwargs)
        seconds = seconds_to_keep(policy, str(answer[2].get("cache-control", "")))
        if answer[0] == OK and seconds > 0:
            if len(KEPT) >= MOST_ANSWERS:
                KEPT.pop(next(iter(KEPT)))
            fetched = time.monotonic()
            KEPT[key] = Kept(answer, fetched, fetched + seconds)
        return answer

    return operation


def policy_of(behaviour: dict[str, Any]) -> dict[str, Any]:
    """Return the cache policy of a behaviour; empty when it has none."""
    policy = behaviour.get("cache_policy_id")
    found = cloudfront._cache_policies.get(policy) or cloudfront._MANAGED_CACHE_POLICIES.get(policy)
    return dict(found["Config"]) if found else {}


def add_headers(given: dict[str, Any], viewing: Viewing, policy: dict[str, Any]) -> None:
    """Add to a request what CloudFront forwards beside its policies.

    That is the coding that a policy allows, and the authorization of all that is no GET or HEAD.
    """
    parameters = policy.get("Parameters") or {}
    accepted = viewing.headers.get("accept-encoding", "")
    codings = [one for one, allows in CODINGS.items() if parameters.get(allows) and one in accepted]
    if codings:
        given["headers"]["accept-encoding"] = ",".join(codings)
    if given["method"] not in {*READS, "OPTIONS"} and "authorization" in viewing.headers:
        given["headers"]["authorization"] = viewing.headers["authorization"]


def is_keepable(given: dict[str, Any], policy: dict[str, Any]) -> bool:
    """Return whether the answer to a request may be kept at all."""
    longest = policy.get("MaxTTL", MOST_SECONDS)
    return bool(given["method"] in READS and longest > 0 and "range" not in given["headers"])


def key_of(given: dict[str, Any], parameters: dict[str, Any]) -> Key:
    """Return what tells a request's answer from others, by the parameters of its cache policy."""

    def named(what: str, values: str) -> Callable[[str], bool]:
        kind = cloudfront._behavior_kind(
            parameters.get(what, "none"), parameters.get(values), what == "HeaderBehavior"
        )
        return lambda name: bool(cloudfront._combine_forward(kind, None, name))

    in_query, in_headers, in_cookies = (
        named("QueryStringBehavior", "QueryStrings"),
        named("HeaderBehavior", "Headers"),
        named("CookieBehavior", "Cookies"),
    )
    headers = given["headers"]
    cookies = cloudfront._event_cookies_from_header(headers.get("cookie", ""))
    return (
        given["dist_arn"],
        given["method"],
        given["uri"],
        tuple(pair for pair in parse_qsl(given["query_string"], keep_blank_values=True) if in_query(pair[0])),
        tuple(sorted((name, str(value)) for name, value in headers.items() if in_headers(name))),
        tuple(sorted((name, one["value"]) for name, one in cookies.items() if in_cookies(name))),
        headers.get("accept-encoding", "") if any(map(parameters.get, CODINGS.values())) else "",
    )


def seconds_to_keep(policy: dict[str, Any], cache_control: str) -> int:
    """Return how long an answer with this `Cache-Control` is kept."""
    least = int(policy["MinTTL"])
    directives = dict(one.strip().lower().partition("=")[::2] for one in cache_control.split(","))
    if KEPT_AS_LITTLE_AS_POSSIBLE & directives.keys():
        return least
    asked = directives.get("s-maxage") or directives.get("max-age")
    if asked is None:
        return max(least, int(policy.get("DefaultTTL", DEFAULT_SECONDS)))
    return min(max(least, int(asked)), int(policy.get("MaxTTL", MOST_SECONDS)))


def from_kept(kept: Kept, now: float, known: str | None) -> Answer:
    """Return a kept answer with its age, without the body when the viewer has it already."""
    status, reason, headers, body = kept.answer
    aged = {**headers, "age": str(int(now - kept.fetched))}
    if known and headers.get("etag") in {"*", *(one.strip() for one in known.split(","))}:
        return NOT_MODIFIED, "Not Modified", aged, b""
    return status, reason, aged, body


def naming_hits(add: Callable[..., Any]) -> Callable[..., Any]:
    """Say of an answer that it was kept."""

    @wraps(add)
    def operation(headers: dict[str, Any], x_cache: str, *further: Any, **named: Any) -> Any:
        viewing = VIEWING.get(None)
        if viewing and viewing.is_hit and x_cache.startswith("Miss"):
            x_cache = "Hit from cloudfront"
        return add(headers, x_cache, *further, **named)

    return operation


def forgetting(invalidate: Callable[..., Any]) -> Callable[..., Any]:
    """Forget the answers of the paths of an invalidation."""

    @wraps(invalidate)
    def operation(dist_id: str, body: bytes) -> Any:
        answer = invalidate(dist_id, body)
        batches = cloudfront._invalidations.get(dist_id) or []
        paths = batches[-1]["InvalidationBatch"]["Paths"]["Items"] if batches else []
        patterns = [cloudfront._glob_to_regex(path) for path in paths]
        for key in list(KEPT):
            if key[0].endswith(f"/{dist_id}") and any(pattern.match(key[2]) for pattern in patterns):
                del KEPT[key]
        return answer

    return operation
