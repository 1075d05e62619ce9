import hashlib
import hmac
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote

import pytest

from service_kit.aws import UpstreamError, UpstreamRefused, UpstreamUnavailable, get_json, get_public
from service_kit.aws import _signed_http as signed_http
from service_kit.invocation import invocation
from service_kit.outages import DependencyUnavailable

from .bad_peer import BadPeer


class Upstream:
    """A server on the loopback that answers as told and remembers what it got."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, bytes]] = []
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.peers: list[tuple[str, int]] = []
        self.location: str | None = None
        self.slow = threading.Event()
        upstream = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                upstream.peers.append(self.client_address)
                upstream.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                status, body = upstream.answers.pop(0) if upstream.answers else (200, b"{}")
                if status == 0:
                    upstream.slow.wait(5)
                    return
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                if upstream.location:
                    self.send_header("location", upstream.location)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/dev"

    @property
    def path(self) -> str:
        return self.requests[-1][0]


@pytest.fixture
def upstream(fresh_clients: None) -> Iterator[Upstream]:
    running = Upstream()
    thread = threading.Thread(target=running.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield running
    running.slow.set()
    running.server.shutdown()
    running.server.server_close()
    thread.join()


def expected_authorization(path: str, headers: dict[str, str]) -> str:
    """Compute what API Gateway computes from the bytes on the wire: the path encoded once more."""
    given = headers["authorization"]
    found = re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/(\S+), SignedHeaders=(\S+), Signature=\S+", given
    )
    assert found, given
    scope, names = found.groups()
    assert re.fullmatch(r"\d{8}/eu-central-1/execute-api/aws4_request", scope)
    raw_path, _, query = path.partition("?")
    canonical = "\n".join(
        [
            "GET",
            quote(raw_path, safe="/-_.~"),
            "&".join(sorted(query.split("&"))),
            *(f"{name}:{headers[name]}" for name in names.split(";")),
            "",
            names,
            hashlib.sha256(b"").hexdigest(),
        ]
    )
    text = "\n".join(
        ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, hashlib.sha256(canonical.encode()).hexdigest()]
    )
    key = b"AWS4wJalrXUtnFEMI"
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return re.sub(r"Signature=\S+", f"Signature={hmac.new(key, text.encode(), 'sha256').hexdigest()}", given)


def no_sleep(_seconds: float) -> None:
    pass


def test_a_document_is_parsed(upstream: Upstream) -> None:
    upstream.answers = [(200, b'{"name": "Fangtasia"}')]
    assert get_json(upstream.url, segments=("restaurants", "Fangtasia")) == {"name": "Fangtasia"}
    assert upstream.path == "/dev/restaurants/Fangtasia"


@pytest.mark.parametrize(
    ("name", "encoded"),
    [
        ("Lil' Bits", "Lil%27%20Bits"),
        ("Freddy's BBQ Joint", "Freddy%27s%20BBQ%20Joint"),
        ("Café Ünïcode 食", "Caf%C3%A9%20%C3%9Cn%C3%AFcode%20%E9%A3%9F"),
        ("50% & more/less?", "50%25%20%26%20more%2Fless%3F"),
        ("a+b~c=d:@*()", "a%2Bb~c%3Dd%3A%40%2A%28%29"),
    ],
)
def test_a_path_segment_is_encoded_once_on_the_wire_and_twice_in_the_signature(
    upstream: Upstream, name: str, encoded: str
) -> None:
    get_json(upstream.url, segments=("restaurants", name))
    assert upstream.path == f"/dev/restaurants/{encoded}"
    path, headers = upstream.requests[-1]
    assert headers["authorization"] == expected_authorization(path, headers)


def test_a_query_is_encoded_and_signed(upstream: Upstream) -> None:
    get_json(upstream.url + "/restaurants", query={"theme": "Science & fiction's é+", "count": 3})
    path, headers = upstream.requests[-1]
    assert path == "/dev/restaurants?theme=Science%20%26%20fiction%27s%20%C3%A9%2B&count=3"
    assert headers["authorization"] == expected_authorization(path, headers)


def test_a_query_in_the_url_is_kept_and_signed(upstream: Upstream) -> None:
    get_json(upstream.url + "/restaurants?b=2&a=x%20y", query={"c": 1})
    path, headers = upstream.requests[-1]
    assert path == "/dev/restaurants?b=2&a=x%20y&c=1"
    assert headers["authorization"] == expected_authorization(path, headers)


def test_a_url_that_is_not_encoded_is_encoded(upstream: Upstream) -> None:
    get_json(upstream.url + "/restaurants/Lil' Bits")
    path, headers = upstream.requests[-1]
    assert path == "/dev/restaurants/Lil'%20Bits"
    assert headers["authorization"] == expected_authorization(path, headers)


def test_a_url_without_a_path_asks_for_the_root(upstream: Upstream) -> None:
    get_json(upstream.url.removesuffix("/dev"))
    path, headers = upstream.requests[-1]
    assert path == "/"
    assert headers["authorization"] == expected_authorization(path, headers)


def test_the_role_s_session_token_is_sent_and_signed(upstream: Upstream) -> None:
    get_json(upstream.url)
    headers = upstream.requests[-1][1]
    assert headers["x-amz-security-token"] == "session-token"
    assert "x-amz-security-token" in headers["authorization"]


@pytest.mark.parametrize("segment", ["", ".", ".."])
def test_a_segment_that_would_address_something_else_is_not_found_without_a_call(
    upstream: Upstream, segment: str
) -> None:
    with pytest.raises(UpstreamRefused) as raised:
        get_json(upstream.url, segments=("restaurants", segment))
    assert raised.value.status == 404
    assert get_json(upstream.url, segments=("restaurants", segment), none_on={404}) is None
    assert upstream.requests == []


def test_the_correlation_id_is_passed_on(upstream: Upstream, context: Any) -> None:
    with invocation(context, correlation="c-1"):
        get_json(upstream.url)
    assert upstream.requests[-1][1]["x-correlation-id"] == "c-1"


def test_a_status_can_be_answered_by_none(upstream: Upstream) -> None:
    upstream.answers = [(404, b'{"title": "Not Found"}')]
    assert get_json(upstream.url, none_on={404}) is None


@pytest.mark.parametrize("status", [301, 400, 403, 404])
def test_a_refusal_says_its_status_and_is_not_tried_again(upstream: Upstream, status: int) -> None:
    upstream.answers = [(status, b"{}")]
    with pytest.raises(UpstreamRefused, match=f"answered {status}") as raised:
        get_json(upstream.url)
    assert raised.value.status == status
    assert len(upstream.requests) == 1


@pytest.mark.parametrize("answer", [(429, b""), (500, b""), (503, b""), (200, b"<html>")], ids=str)
def test_an_answer_that_may_pass_is_tried_once_more(upstream: Upstream, answer: tuple[int, bytes]) -> None:
    upstream.answers = [answer, (200, b"[]")]
    slept: list[float] = []
    assert get_json(upstream.url, sleep=slept.append) == []
    assert len(slept) == 1
    assert 0 < slept[0] < 0.2


def test_a_second_try_is_logged_with_its_reason_and_made_after_a_short_pause(
    upstream: Upstream, logged: Callable[[], list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service_kit.aws._signed_http.random.random", lambda: 1.0)
    upstream.answers = [(503, b""), (200, b"[]")]
    slept: list[float] = []
    get_json(upstream.url, segments=("a",), query={"q": "secret"}, sleep=slept.append)
    assert slept == pytest.approx([0.15])
    (line,) = logged()
    assert (line["level"], line["reason"]) == ("INFO", f"GET {upstream.url}/a answered 503")


@pytest.mark.parametrize(
    ("answers", "errors"),
    [
        ([(200, b"{}")], None),
        ([(404, b"{}")], None),
        ([(503, b""), (200, b"[]")], None),
        ([(503, b""), (503, b"")], [1.0]),
        ([(403, b"")], [1.0]),
    ],
)
def test_a_call_is_measured_once_however_often_it_is_tried(
    upstream: Upstream,
    context: Any,
    logged: Callable[[], list[dict[str, Any]]],
    answers: list[tuple[int, bytes]],
    errors: list[float] | None,
) -> None:
    upstream.answers = answers
    with invocation(context), suppress(UpstreamError):
        get_json(upstream.url, none_on={404}, sleep=no_sleep)
    [metric] = [line for line in logged() if "_aws" in line]
    [waited_milliseconds] = metric["UpstreamMilliseconds"]
    assert 0 < waited_milliseconds < 5000
    assert (metric["function"], metric.get("UpstreamError")) == ("place-order", errors)


@pytest.mark.parametrize(
    ("url", "segments", "query", "target"),
    [
        ("https://a.example/dev/", ("b",), None, "https://a.example/dev/b"),
        ("https://a.example/MAX/", ("b",), None, "https://a.example/MAX/b"),
        ("https://a.example", (), {"a/b": "c/d~e"}, "https://a.example/?a%2Fb=c%2Fd~e"),
        ("https://a.example/?x=1&y=a%20b", (), {"z": 2}, "https://a.example/?x=1&y=a%20b&z=2"),
    ],
)
def test_what_is_asked_is_made_of_the_address_its_segments_and_its_query(
    url: str, segments: tuple[str, ...], query: dict[str, str | int] | None, target: str
) -> None:
    assert signed_http._target(url, segments, query) == target


def test_two_failures_are_unavailable(upstream: Upstream) -> None:
    upstream.answers = [(500, b""), (500, b"")]
    with pytest.raises(UpstreamUnavailable, match="answered 500") as raised:
        get_json(upstream.url, sleep=no_sleep)
    assert isinstance(raised.value, DependencyUnavailable)
    assert len(upstream.requests) == 2


@pytest.mark.parametrize("status", [500, 403])
def test_an_error_names_no_address_of_the_path(upstream: Upstream, status: int) -> None:
    upstream.answers = [(status, b""), (status, b"")]
    with pytest.raises(UpstreamError) as raised:
        get_json(upstream.url, segments=("Fangtasia", "staff", "ada@example.com"), sleep=no_sleep)
    assert str(raised.value).endswith(f"/Fangtasia/staff/(address) answered {status}")


def test_nobody_listening_is_unavailable(upstream: Upstream) -> None:
    with pytest.raises(UpstreamUnavailable, match="EndpointConnectionError"):
        get_json("http://127.0.0.1:9/dev", sleep=no_sleep)


def test_no_answer_in_time_is_unavailable(upstream: Upstream) -> None:
    upstream.answers = [(0, b""), (0, b"")]
    with pytest.raises(UpstreamUnavailable, match=r"did not answer within 0\.05 s"):
        get_json(upstream.url, timeout_seconds=0.05, sleep=no_sleep)


@pytest.mark.parametrize(
    "manner", ["silent", "trickling headers", "trickling body", "endless body", "huge headers", "resetting"]
)
def test_an_upstream_that_misbehaves_is_unavailable_soon(manner: str) -> None:
    peer = BadPeer(manner)
    since = time.monotonic()
    try:
        with pytest.raises(UpstreamUnavailable):
            get_json(peer.url, timeout_seconds=0.2, max_bytes=100_000, sleep=no_sleep)
    finally:
        peer.close()
    assert time.monotonic() - since < 4
    assert peer.connections == 2


@pytest.mark.parametrize(("length", "fits"), [(100, True), (101, False)])
def test_a_body_is_read_up_to_its_limit(upstream: Upstream, length: int, fits: bool) -> None:
    upstream.answers = [(200, b'"' + b"a" * (length - 2) + b'"')] * 2
    if fits:
        assert get_json(upstream.url, max_bytes=100) == "a" * 98
        return
    with pytest.raises(UpstreamUnavailable, match="more than 100 bytes"):
        get_json(upstream.url, max_bytes=100, sleep=no_sleep)


def test_a_body_of_the_longest_length_leaves_the_connection_open(upstream: Upstream) -> None:
    upstream.answers = [(200, b'"' + b"a" * 98 + b'"')] * 2
    for _ in range(2):
        get_json(upstream.url, max_bytes=100, timeout_seconds=2.25)
    assert len(set(upstream.peers)) == 1


def test_a_document_is_asked_for_as_json(upstream: Upstream) -> None:
    get_json(upstream.url)
    assert upstream.requests[0][1]["accept"] == "application/json"


def test_a_redirect_is_not_followed(upstream: Upstream) -> None:
    upstream.location = f"{upstream.url}/elsewhere"
    upstream.answers = [(302, b"{}")]
    with pytest.raises(UpstreamRefused, match="answered 302"):
        get_json(upstream.url)
    assert [path for path, _ in upstream.requests] == ["/dev"]


def test_a_document_that_is_nested_too_deeply_is_no_json(upstream: Upstream) -> None:
    upstream.answers = [(200, b"[" * 100_000)] * 2
    with pytest.raises(UpstreamUnavailable, match="something else than JSON"):
        get_json(upstream.url, sleep=no_sleep)


def test_a_connection_is_used_again(upstream: Upstream) -> None:
    for _ in range(2):
        get_json(upstream.url, timeout_seconds=2.5)
    assert len(set(upstream.peers)) == 1


def test_an_error_shows_no_query(upstream: Upstream) -> None:
    upstream.answers = [(403, b"")]
    with pytest.raises(UpstreamRefused) as raised:
        get_json(upstream.url, query={"email": "a@b.c"})
    assert str(raised.value) == f"GET {upstream.url} answered 403"


def test_a_public_answer_has_status_headers_and_text(upstream: Upstream) -> None:
    upstream.answers = [(404, "é".encode())]
    answer = get_public(upstream.url + "/", query={"text": "a&b"})
    assert (answer.status, answer.text, answer.headers["content-length"]) == (404, "é", "2")
    assert upstream.path == "/dev/?text=a%26b"
    assert "authorization" not in upstream.requests[0][1]


def test_a_public_request_carries_the_correlation_id(upstream: Upstream, context: Any) -> None:
    with invocation(context, correlation="a-correlation"):
        get_public(upstream.url)
    assert upstream.requests[0][1]["x-correlation-id"] == "a-correlation"


def test_a_redirect_of_a_public_answer_is_not_followed(upstream: Upstream) -> None:
    upstream.answers, upstream.location = [(302, b"")], f"{upstream.url}/elsewhere"
    assert get_public(upstream.url).status == 302
    assert len(upstream.requests) == 1


@pytest.mark.parametrize(("body", "reason"), [(b"x" * 11, "more than 10 bytes"), (b"\xff", "UTF-8")])
def test_a_public_answer_that_is_too_long_or_no_text_is_unavailable(
    upstream: Upstream, body: bytes, reason: str
) -> None:
    upstream.answers = [(200, body)]
    with pytest.raises(UpstreamUnavailable, match=reason):
        get_public(upstream.url, max_bytes=10)


def test_a_public_answer_that_does_not_come_in_time_is_unavailable(upstream: Upstream) -> None:
    upstream.answers = [(0, b"")]
    with pytest.raises(UpstreamUnavailable, match=r"did not answer within 0\.1 s"):
        get_public(upstream.url, timeout_seconds=0.1)
