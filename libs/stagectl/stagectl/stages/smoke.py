"""Test a stage without credentials: public routes answer, all others refuse."""

import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from stagectl.checkout.routes import Authorizer, Route, routes_of
from stagectl.checkout.services import Stack
from stagectl.checkout.yaml_loader import load_mapping

DEADLINE_SECONDS = 60.0
_POLL_SECONDS = 2.0
_TIMEOUT_SECONDS = 30.0
_PLACEHOLDER = re.compile(r"\{[^}]+\}")
_REFUSED = frozenset({401, 403})
_OK = 200

Ask = Callable[[str, str], int]
"""Sends a method and a URL without credentials or body; returns the status."""


@dataclass(frozen=True)
class Finding:
    """The answer of a route to a request without credentials.

    Attributes:
        request: Method and URL.
        status: HTTP status.
        is_right: Whether it is the expected status.
    """

    request: str
    status: int
    is_right: bool


def request_routes(
    stacks: Mapping[str, Stack],
    urls: Mapping[str, str],
    *,
    ask: Ask,
    deadline_seconds: float = DEADLINE_SECONDS,
) -> Iterator[Finding]:
    """Call every route of the services that have a URL without credentials, and yield the answers.

    Public routes are called when they have no placeholder and only read; they must answer 200. All others
    must refuse. A wrong answer is retried until the deadline, since API Gateway serves a deployment only
    after some seconds.

    Args:
        stacks: The stacks by name.
        urls: Root URLs by service.
        ask: Sends a request.
        deadline_seconds: Total time for which wrong answers are retried.
    """
    deadline = time.monotonic() + deadline_seconds
    for service, url in urls.items():
        for route in routes_of(load_mapping(stacks[service].folder / "serverless.yml")):
            expected = _expected(route)
            if not expected:
                continue
            target = url.rstrip("/") + _PLACEHOLDER.sub("smoke-test", route.path)
            status = ask(route.method, target)
            while status not in expected and time.monotonic() < deadline:
                time.sleep(_POLL_SECONDS)
                status = ask(route.method, target)
            yield Finding(f"{route.method} {target}", status, status in expected)


def ask_over_http(method: str, url: str) -> int:
    """Send a request and return its status; 0 when there is no answer."""
    request = urllib.request.Request(url, method=method)  # noqa: S310 - a service's own URL
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as response:  # noqa: S310
            return int(response.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return 0


def _expected(route: Route) -> frozenset[int]:
    if route.authorizer is not Authorizer.NOBODY_ASKED:
        return _REFUSED
    if route.method == "GET" and not _PLACEHOLDER.search(route.path):
        return frozenset({_OK})
    return frozenset()
