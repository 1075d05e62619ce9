"""Refuses calls of web pages of other origins, since the emulator's root key is public.

A browser says where a request comes from: `Origin`, else `Sec-Fetch-Site` and `Referer`. Programs say none of
it. Other pages reach the APIs of the product, as on AWS, and nothing else. And a name that does not stand for
this machine is one that a page has bound to it (DNS rebinding). Its port may be that of a proxy in front.

https://fetch.spec.whatwg.org/#origin-header
https://www.w3.org/TR/fetch-metadata/
"""

import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from ministack import app

LOOPBACK = re.compile(r"(?:(?:[a-z0-9-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::(?P<port>\d{1,5}))?")
OWN_NAMES = re.compile(r"127\.0\.0\.1|localhost|[a-z0-9]+\.cloudfront\.localhost")
"""Where the emulator serves pages: its own address, and those of its distributions."""
FROM_ELSEWHERE = frozenset({"cross-site", "same-site"})
PORTS = {"http": 80, "https": 443}
NAMES = frozenset({b"host", b"origin", b"referer", b"sec-fetch-site"})
FORBIDDEN = 403

Scope = MutableMapping[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Any, Send], Awaitable[None]]
Headers = dict[str, list[str]]


def install() -> None:
    """Check every request before it is handled."""
    app.app = guarded(app.app)


def guarded(serve: Application) -> Application:
    """Make an application refuse requests from elsewhere."""

    @wraps(serve)
    async def application(scope: Scope, receive: Any, send: Send) -> None:
        fault = fault_of(scope) if scope["type"] in {"http", "websocket"} else None
        if fault is None:
            await serve(scope, receive, send)
        elif scope["type"] == "http":
            await refuse(send, fault)
        else:
            await send({"type": "websocket.close", "code": 1008, "reason": fault[:120]})

    return application


async def refuse(send: Send, fault: str) -> None:
    """Answer without the headers that would let a page read the answer."""
    body = json.dumps({"message": fault}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": FORBIDDEN, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def fault_of(scope: Scope) -> str | None:
    """Return why a request is refused."""
    headers = headers_of(scope)
    hosts = headers.get("host", [])
    host = LOOPBACK.fullmatch(hosts[0].lower()) if len(hosts) == 1 else None
    if host is None:
        return f"The host is {', '.join(hosts) or 'not named'}. Call the local AWS as 127.0.0.1 or localhost."
    if len(headers) == 1 or is_of_the_product(hosts[0], scope["path"]):
        return None
    port = int(host["port"] or PORTS["http"])
    senders = headers.get("origin") or headers.get("referer") or []
    foreign = next((sender for sender in senders if not is_own(sender, port)), None)
    if foreign is None and not senders and FROM_ELSEWHERE & set(headers.get("sec-fetch-site", [])):
        foreign = "another site"
    if foreign is None:
        return None
    return f"A page of {foreign} may not call the local AWS. Only the pages that it serves itself may."


def is_of_the_product(host: str, path: str) -> bool:
    """Return whether a request goes to an API or a distribution, which the pages of others may call."""
    return (
        app._parse_execute_api_url(host, path) is not None
        or app._parse_cloudfront_dataplane_host(host) is not None
    )


def headers_of(scope: Scope) -> Headers:
    """Return the headers that say where a request comes from and where it goes."""
    found: Headers = {}
    for name, value in scope["headers"]:
        if name in NAMES:
            found.setdefault(name.decode(), []).append(value.decode("latin-1"))
    return found


def is_own(sender: str, port: int) -> bool:
    """Return whether an origin, or the address of a page, is of the emulator itself."""
    try:
        url = urlsplit(sender)
        return (
            OWN_NAMES.fullmatch(url.hostname or "") is not None
            and (url.port or PORTS.get(url.scheme)) == port
        )
    except ValueError:
        return False
