"""Calls to another service: to its API, signed with the function's own role, or to its public pages."""

from __future__ import annotations

import json
import random
import time
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit, urlunsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ConnectionError as ConnectionFailed
from botocore.exceptions import HTTPClientError, NoCredentialsError
from botocore.httpsession import URLLib3Session
from urllib3.exceptions import HTTPError

from service_kit.aws import _clients
from service_kit.deadlines import DeadlineExceeded, check_deadline, within
from service_kit.invocation import correlation_id, logger, metrics
from service_kit.outages import DependencyUnavailable
from service_kit.snapshots import after_restore, before_snapshot
from service_kit.startup import at_start

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from botocore.awsrequest import AWSResponse

__all__ = [
    "PublicAnswer",
    "UpstreamError",
    "UpstreamRefused",
    "UpstreamUnavailable",
    "get_json",
    "get_public",
    "signed_request",
]

CONNECT_TIMEOUT_SECONDS = 1.0
DEFAULT_TIMEOUT_SECONDS = 3.0
# As much as fits into an answer of a Lambda, which is more than any of ours has.
DEFAULT_MAX_BYTES = 6 * 1024 * 1024
_ATTEMPTS = 2
_BACK_OFF_SECONDS = 0.1
_NOT_FOUND = 404
_TOO_MANY_REQUESTS = 429
_FIRST_SERVER_ERROR = 500
_OK = range(200, 300)
# On the way these would be folded into their neighbours, so that the path addresses something else.
_NO_SEGMENTS = frozenset({"", ".", ".."})
# What may stand in a path or query as it is (RFC 3986), with the percent sign of what is encoded already.
_PATH_SAFE = "/%:@!$&'()*+,;=~"
_QUERY_SAFE = "%-_.~"


class UpstreamError(Exception):
    """Base of what can go wrong between two services. Its text is fit for logs: paths may hold addresses."""

    def __init__(self, message: str) -> None:
        from service_kit.secret_shapes import without_secrets  # noqa: PLC0415, only when something fails

        super().__init__(without_secrets(message))


class UpstreamUnavailable(UpstreamError, DependencyUnavailable):  # noqa: N818, says what is the case
    """The other service did not answer in time, answered 429 or 5xx, too much or no JSON; twice.

    HTTP answers 503.
    """


class UpstreamRefused(UpstreamError):  # noqa: N818, says what is the case
    """The other service refused the request, so that asking again would not help.

    Attributes:
        status: Its HTTP status.
    """

    def __init__(self, message: str, status: int) -> None:
        self.status = status
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class PublicAnswer:
    """What another service shows everyone.

    Attributes:
        status: Its HTTP status.
        headers: Its headers, by their names in lower case.
        text: Its body.
    """

    status: int
    headers: Mapping[str, str]
    text: str


def get_json(
    url: str,
    *,
    segments: Sequence[str] = (),
    query: Mapping[str, str | int] | None = None,
    none_on: Collection[int] = (),
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS,
    max_bytes: int = DEFAULT_MAX_BYTES,
    sleep: Callable[[float], None] = time.sleep,
) -> Any:
    """GET a JSON document from another service, tried twice when it does not answer.

    How long the caller waited is the metric `UpstreamMilliseconds`; a call that was not answered after both
    tries, or was refused, also counts as `UpstreamError`.

    Args:
        url: Where, percent-encoded as far as it needs to be.
        segments: Path segments to append, as plain text: whatever they contain is encoded. Nothing can have
            an empty segment, `.` or `..` in its path, so these are a 404 without a call.
        query: Query parameters, as plain values.
        none_on: Statuses to answer by None, such as `{404}`.
        timeout_seconds: How long to wait for the whole answer, for each of two tries.
        max_bytes: Longest body that is read.
        sleep: Waits between the tries.

    Returns:
        The parsed document, or None on one of the statuses in `none_on`.

    Raises:
        UpstreamUnavailable: When there is no answer in time, or a 429, 5xx, too much or no JSON.
        UpstreamRefused: On any other status, redirects included: what is signed is for one place.
    """
    if not _NO_SEGMENTS.isdisjoint(segments):
        if _NOT_FOUND in none_on:
            return None
        raise UpstreamRefused(f"no path of {url} has an empty segment, '.' or '..'", _NOT_FOUND)
    target = _target(url, segments, query)
    shown = urlunsplit(urlsplit(target)._replace(query=""))
    since = time.monotonic()
    try:
        for _ in range(_ATTEMPTS - 1):
            try:
                return _try_once(target, shown, none_on, timeout_seconds, max_bytes)
            except UpstreamUnavailable as error:
                logger.info("trying again", reason=str(error))
                sleep(_BACK_OFF_SECONDS * (0.5 + random.random()))  # noqa: S311, jitter
        return _try_once(target, shown, none_on, timeout_seconds, max_bytes)
    except UpstreamError:
        metrics.add_metric(name="UpstreamError", unit="Count", value=1)
        raise
    finally:
        waited_milliseconds = (time.monotonic() - since) * 1000
        metrics.add_metric(name="UpstreamMilliseconds", unit="Milliseconds", value=waited_milliseconds)


def get_public(
    url: str,
    *,
    query: Mapping[str, str | int] | None = None,
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS,
    max_bytes: int = DEFAULT_MAX_BYTES,
) -> PublicAnswer:
    """GET what another service shows everyone, once and without a signature; redirects are not followed.

    Args:
        url: Where, percent-encoded as far as it needs to be.
        query: Query parameters, as plain values.
        timeout_seconds: How long to wait for the whole answer.
        max_bytes: Longest body that is read.

    Raises:
        UpstreamUnavailable: When there is no answer in time, or too much or no UTF-8.
    """
    target = _target(url, (), query)
    shown = urlunsplit(urlsplit(target)._replace(query=""))
    correlation = correlation_id()
    headers = {"x-correlation-id": correlation} if correlation else {}
    request = AWSRequest(method="GET", url=target, headers=headers, stream_output=True)
    answer, content = _send(request, shown, timeout_seconds, max_bytes)
    if len(content) > max_bytes:
        raise UpstreamUnavailable(f"GET {shown} answered more than {max_bytes} bytes")
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise UpstreamUnavailable(f"GET {shown} answered something else than UTF-8") from None
    named = {name.lower(): value for name, value in answer.headers.items()}
    return PublicAnswer(answer.status_code, named, text)


def signed_request(url: str) -> AWSRequest:
    """Build a GET request signed for `execute-api` with the credentials of this process.

    The path is percent-encoded once on the wire and a second time in what is signed, as API Gateway expects.

    Args:
        url: The final URL, percent-encoded.
    """
    session = _clients.session()
    headers = {"accept": "application/json"}
    if correlation := correlation_id():
        headers["x-correlation-id"] = correlation
    request = AWSRequest(method="GET", url=url, headers=headers, stream_output=True)
    credentials = session.get_credentials()
    if credentials is None:
        raise NoCredentialsError
    SigV4Auth(credentials.get_frozen_credentials(), "execute-api", session.region_name).add_auth(request)
    return request


def _target(url: str, segments: Sequence[str], query: Mapping[str, str | int] | None) -> str:
    parts = urlsplit(url)
    path = quote(parts.path, safe=_PATH_SAFE)
    if segments:
        path = "/".join([path.rstrip("/"), *(quote(text, safe="~") for text in segments)])
    pairs = [quote(parts.query, safe=_QUERY_SAFE + "&=")] if parts.query else []
    pairs += [
        f"{quote(name, safe='~')}={quote(str(value), safe='~')}" for name, value in (query or {}).items()
    ]
    return urlunsplit((parts.scheme, parts.netloc, path or "/", "&".join(pairs), ""))


def _try_once(
    target: str, shown: str, none_on: Collection[int], timeout_seconds: float, max_bytes: int
) -> Any:
    answer, content = _send(signed_request(target), shown, timeout_seconds, max_bytes)
    status = answer.status_code
    if status in none_on:
        return None
    if status == _TOO_MANY_REQUESTS or status >= _FIRST_SERVER_ERROR:
        raise UpstreamUnavailable(f"GET {shown} answered {status}")
    if status not in _OK:
        raise UpstreamRefused(f"GET {shown} answered {status}", status)
    if len(content) > max_bytes:
        raise UpstreamUnavailable(f"GET {shown} answered more than {max_bytes} bytes")
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise UpstreamUnavailable(f"GET {shown} answered something else than JSON") from None


def _send(
    request: AWSRequest, shown: str, timeout_seconds: float, max_bytes: int
) -> tuple[AWSResponse, bytes]:
    try:
        with within(timeout_seconds):
            try:
                answer: AWSResponse = _http_session(timeout_seconds).send(request.prepare())
                return answer, _content(answer, max_bytes)
            except HTTPClientError:
                # botocore wraps whatever is raised while it sends.
                check_deadline()
                raise
    except DeadlineExceeded as error:
        raise UpstreamUnavailable(f"GET {shown} did not answer within {timeout_seconds} s") from error
    except (ConnectionFailed, HTTPClientError, HTTPError) as error:
        raise UpstreamUnavailable(f"GET {shown} failed: {type(error).__name__}") from error


def _content(answer: AWSResponse, max_bytes: int) -> bytes:
    """Read a body up to one byte more than it may have, and close the connection when there is still more."""
    content: bytes = answer.raw.read(max_bytes + 1)
    if len(content) > max_bytes:
        answer.raw.close()
    return content


@cache
def _http_session(timeout_seconds: float) -> URLLib3Session:
    # The stubs know only one timeout for both, and no file of certificates.
    timeouts: Any = (CONNECT_TIMEOUT_SECONDS, timeout_seconds)
    certificates: Any = _clients.ca_bundle() or True
    session = URLLib3Session(verify=certificates, timeout=timeouts)
    # As of clients: no connection outlives a snapshot.
    before_snapshot(session.close)
    after_restore(session.close)
    return session


at_start(_clients.session, partial(_http_session, DEFAULT_TIMEOUT_SECONDS))
