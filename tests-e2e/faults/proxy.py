"""The proxy between the stage's Lambdas and AWS, here the emulator."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from threading import Event, Thread
from types import TracebackType
from typing import Self

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector, web
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from yarl import URL

from faults import partial_events, sdk_call
from faults.dice import Dice
from faults.ledger import Ledger
from faults.plan import KILLS, FaultPlan, Kind, Rule
from faults.sdk_call import Reply, SdkCall

HOST = "127.0.0.1"
FORWARDING_SECONDS = 60
START_SECONDS = 10
# They speak of one connection and not of the message.
_OF_THE_CONNECTION = frozenset(
    {"connection", "keep-alive", "transfer-encoding", "content-length", "server", "date"}
)
_NOT_ADDED = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")

KillWorker = Callable[[int], bool]


class ProxyError(Exception):
    """The proxy did not start."""


@dataclass(frozen=True)
class Upstream:
    """What is behind the proxy.

    Attributes:
        url: Its URL, without a path.
        region: The region to sign for.
        credentials: Sign what the proxy changes on its way; what it does not change keeps its signature.
    """

    url: str
    region: str
    credentials: Credentials


@dataclass(frozen=True)
class _Exchange:
    request: web.Request
    body: bytes
    call: SdkCall
    number: int


class FaultProxy:
    """Forwards SDK calls untouched, Host header included, but for those that the plan has a fault for.

    Runs in a thread of its own, and injects nothing until `inject`.

    Args:
        port: Where to listen on the loopback address.
        upstream: Where calls go.
        plan: Which faults there are.
        kill_worker: Kills the process at the other end of a connection, named by its port there.
    """

    def __init__(self, port: int, upstream: Upstream, plan: FaultPlan, kill_worker: KillWorker) -> None:
        self.ledger = Ledger()
        self._port = port
        self._upstream = upstream
        self._plan = plan
        self._kill_worker = kill_worker
        self._dice = Dice(plan)
        self._injects_since: float | None = None
        self._thread = Thread(target=lambda: asyncio.run(self._serve()), name="fault-proxy", daemon=True)
        self._ready = Event()
        self._trouble: OSError | None = None

    def inject(self) -> None:
        """Begin to inject faults."""
        self._injects_since = time.monotonic()

    def heal(self) -> None:
        """End all faults; calls that hang by now go on hanging."""
        self._injects_since = None

    def __enter__(self) -> Self:
        """Listen.

        Raises:
            ProxyError: the port is taken.
        """
        self._thread.start()
        if not self._ready.wait(START_SECONDS) or self._trouble:
            raise ProxyError(f"The fault proxy does not listen on port {self._port}: {self._trouble}")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop listening."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        application = web.Application(client_max_size=0)
        application.router.add_route("*", "/{path:.*}", self._handle)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        # A connection for each call: a reused one might just have been closed, a fault that was not injected.
        connector = TCPConnector(limit=0, force_close=True)
        async with ClientSession(
            connector=connector,
            auto_decompress=False,
            cookie_jar=DummyCookieJar(),
            timeout=ClientTimeout(total=FORWARDING_SECONDS),
        ) as self._session:
            try:
                await web.TCPSite(runner, HOST, self._port).start()
                self._ready.set()
                await self._stop.wait()
            except OSError as trouble:
                self._trouble = trouble
                self._ready.set()
            finally:
                await runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        try:
            body = await request.read()
        except ConnectionError:
            # The worker ended during its request: no client to answer, and no whole request to forward.
            return web.Response()
        call = sdk_call.recognise(request.headers, body)
        exchange = _Exchange(request, body, call, self.ledger.called(call))
        rule = self._draw(exchange)
        try:
            return await (self._forward(exchange) if rule is None else self._inject(rule, exchange))
        except (ClientError, TimeoutError):
            # Upstream is gone or busy: to the caller, the same as without a proxy.
            return _broken_off(exchange)

    def _draw(self, exchange: _Exchange) -> Rule | None:
        if self._injects_since is None:
            return None
        elapsed_seconds = time.monotonic() - self._injects_since
        return self._dice.draw(exchange.call, exchange.number, elapsed_seconds)

    async def _inject(self, rule: Rule, exchange: _Exchange) -> web.StreamResponse:
        treatments: dict[Kind, Callable[[_Exchange], Awaitable[web.StreamResponse]]] = {
            Kind.SLOW: self._slowly,
            Kind.PARTIAL: self._partially,
            Kind.DUPLICATE: self._twice,
            Kind.RESET_AFTER: self._reset_after,
            Kind.HANG_BEFORE: self._hang,
            Kind.HANG_AFTER: self._hang_after,
            Kind.KILL_BEFORE: self._kill,
            Kind.KILL_AFTER: self._kill_after,
        }
        if rule.kind not in KILLS:
            self.ledger.injected(exchange.call, rule.kind)
        match rule.kind:
            case Kind.ERROR:
                return _response(sdk_call.error(exchange.call))
            case Kind.THROTTLE:
                return _response(sdk_call.throttle(exchange.call))
            case Kind.RESET_BEFORE:
                return _broken_off(exchange)
            case kind:
                return await treatments[kind](exchange)

    async def _slowly(self, exchange: _Exchange) -> web.StreamResponse:
        await asyncio.sleep(
            self._dice.generator(exchange.call, exchange.number).uniform(*self._plan.slow_seconds)
        )
        return await self._forward(exchange)

    async def _partially(self, exchange: _Exchange) -> web.StreamResponse:
        dice = self._dice.generator(exchange.call, exchange.number)
        count = len(json.loads(exchange.body)["Entries"])
        refused = partial_events.refused_entries(exchange.body, dice)
        rest = partial_events.without(exchange.body, refused)
        if rest is None:
            return _response(partial_events.joined(count, refused, []))
        answer = await self._send(exchange.request, rest, self._signed(exchange.request, rest))
        if answer.status != web.HTTPOk.status_code:
            return answer
        assert isinstance(answer.body, bytes)
        return _response(partial_events.joined(count, refused, json.loads(answer.body)["Entries"]))

    async def _twice(self, exchange: _Exchange) -> web.StreamResponse:
        await self._forward(exchange)
        return await self._forward(exchange)

    async def _reset_after(self, exchange: _Exchange) -> web.StreamResponse:
        await self._forward(exchange)
        return _broken_off(exchange)

    async def _hang(self, exchange: _Exchange) -> web.StreamResponse:
        await asyncio.sleep(self._plan.hang_seconds)
        return _broken_off(exchange)

    async def _hang_after(self, exchange: _Exchange) -> web.StreamResponse:
        await self._forward(exchange)
        return await self._hang(exchange)

    async def _kill(self, exchange: _Exchange, kind: Kind = Kind.KILL_BEFORE) -> web.StreamResponse:
        client = exchange.request.transport and exchange.request.transport.get_extra_info("peername")
        if client and await asyncio.to_thread(self._kill_worker, client[1]):
            self.ledger.injected(exchange.call, kind)
        return _broken_off(exchange)

    async def _kill_after(self, exchange: _Exchange) -> web.StreamResponse:
        await self._forward(exchange)
        return await self._kill(exchange, Kind.KILL_AFTER)

    async def _forward(self, exchange: _Exchange) -> web.Response:
        return await self._send(exchange.request, exchange.body, dict(exchange.request.headers))

    async def _send(self, request: web.Request, body: bytes, headers: dict[str, str]) -> web.Response:
        async with self._session.request(
            request.method,
            URL(self._upstream.url + request.raw_path, encoded=True),
            data=body,
            headers=_of_the_message(headers),
            skip_auto_headers=_NOT_ADDED,
            allow_redirects=False,
        ) as answer:
            content = await answer.read()
            return web.Response(
                status=answer.status, headers=_of_the_message(dict(answer.headers)), body=content
            )

    def _signed(self, request: web.Request, body: bytes) -> dict[str, str]:
        kept = {name: request.headers[name] for name in ("X-Amz-Target", "Content-Type")}
        changed = AWSRequest(request.method, self._upstream.url + request.raw_path, headers=kept, data=body)
        SigV4Auth(self._upstream.credentials, "events", self._upstream.region).add_auth(changed)
        return dict(changed.headers.items())


def _of_the_message(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in _OF_THE_CONNECTION}


def _response(reply: Reply) -> web.Response:
    return web.Response(status=reply.status, body=reply.body, headers={"Content-Type": reply.content_type})


def _broken_off(exchange: _Exchange) -> web.StreamResponse:
    """Reset the connection; the returned value is not sent."""
    if exchange.request.transport:
        exchange.request.transport.abort()
    return web.Response()
