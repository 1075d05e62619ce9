import http.server
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
import requests

from stagectl.targets.emulator import Emulator

Client = Callable[..., Any]
NOTHING_ELSE = {
    "HeadersConfig": {"HeaderBehavior": "none"},
    "CookiesConfig": {"CookieBehavior": "none"},
    "EnableAcceptEncodingGzip": True,
}


class Origin(http.server.BaseHTTPRequestHandler):
    """Answers with the number of the request, and the header `Cache-Control` that its path names."""

    requests = 0
    authorizations: list[str | None] = []  # noqa: RUF012 - one server in this module

    def do_GET(self) -> None:
        Origin.requests += 1
        Origin.authorizations.append(self.headers["authorization"])
        kept = self.path.partition("?")[0].strip("/").replace("_", "=").replace("+", ", ")
        body = (str(Origin.requests) * (2_000 if "long" in self.path else 1)).encode()
        self.send_response(404 if kept == "missing" else 200)
        self.send_header("cache-control", kept)
        self.send_header("content-type", "image/png" if "image" in self.path else "text/css; charset=utf-8")
        self.send_header("etag", '"one"')
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - as the library calls it

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class Edge:
    """A distribution whose default behaviour has the limits of a cache policy."""

    def __init__(self, emulator: Emulator, cloudfront: Any, port: int, **limits: Any) -> None:
        self._emulator, self._cloudfront = emulator, cloudfront
        query, compress = limits.pop("query", "all"), limits.pop("compress", False)
        named = {
            "ParametersInCacheKeyAndForwardedToOrigin": {
                **NOTHING_ELSE,
                "QueryStringsConfig": {"QueryStringBehavior": query},
            }
        }
        policy = cloudfront.create_cache_policy(
            CachePolicyConfig={"Name": uuid.uuid4().hex, **limits, **named}
        )
        origin = {
            "Id": "here",
            "DomainName": "localhost",
            "CustomOriginConfig": {
                "HTTPPort": port,
                "HTTPSPort": 443,
                "OriginProtocolPolicy": "http-only",
            },
        }
        made = cloudfront.create_distribution(
            DistributionConfig={
                "CallerReference": uuid.uuid4().hex,
                "Comment": "",
                "Enabled": True,
                "Origins": {"Quantity": 1, "Items": [origin]},
                "DefaultCacheBehavior": {
                    "TargetOriginId": "here",
                    "ViewerProtocolPolicy": "allow-all",
                    "CachePolicyId": policy["CachePolicy"]["Id"],
                    "Compress": compress,
                },
            }
        )["Distribution"]
        self._id = made["Id"]
        self._host = made["DomainName"].replace(".net", f".localhost:{emulator.port}")

    def get(self, path: str, method: str = "GET", **headers: str) -> requests.Response:
        return requests.request(
            method, f"{self._emulator.url}{path}", headers={"host": self._host, **headers}, timeout=10
        )

    def forget(self, *paths: str) -> None:
        batch = {"Paths": {"Quantity": len(paths), "Items": list(paths)}, "CallerReference": uuid.uuid4().hex}
        self._cloudfront.create_invalidation(DistributionId=self._id, InvalidationBatch=batch)

    def is_kept(self, path: str, *, then: str | None = None, **headers: str) -> bool:
        first, second = self.get(path), self.get(then or path, **headers)
        assert first.headers["x-cache"] == "Miss from cloudfront"
        is_hit = second.headers["x-cache"] == "Hit from cloudfront"
        assert is_hit == (first.text == second.text) == ("age" in second.headers)
        return is_hit


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with http.server.ThreadingHTTPServer(("localhost", 0), Origin) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture
def edge(emulator: Emulator, aws: Client, port: int) -> Callable[..., Edge]:
    return lambda **limits: Edge(emulator, aws("cloudfront"), port, **limits)


AS_ORIGIN_SAYS: Mapping[str, int] = {"MinTTL": 0, "DefaultTTL": 0, "MaxTTL": 3600}
BRIEFLY: Mapping[str, int] = {"MinTTL": 1, "DefaultTTL": 1, "MaxTTL": 1}
NEVER: Mapping[str, int] = {"MinTTL": 0, "DefaultTTL": 0, "MaxTTL": 0}


@pytest.mark.parametrize(
    ("limits", "cache_control", "is_kept"),
    [
        (AS_ORIGIN_SAYS, "max-age_60", True),
        (AS_ORIGIN_SAYS, "s-maxage_60+max-age_0", True),
        (AS_ORIGIN_SAYS, "max-age_0", False),
        (AS_ORIGIN_SAYS, "no-store", False),
        (AS_ORIGIN_SAYS, "", False),
        (BRIEFLY, "no-store", True),
        (BRIEFLY, "private", True),
        (BRIEFLY, "missing", False),
        (NEVER, "max-age_60", False),
    ],
)
def test_an_answer_is_kept_as_the_policy_and_its_own_header_say(
    edge: Callable[..., Edge], limits: Mapping[str, int], cache_control: str, is_kept: bool
) -> None:
    assert edge(**limits).is_kept(f"/{cache_control}") is is_kept


def test_an_answer_is_forgotten_after_its_time(edge: Callable[..., Edge]) -> None:
    asked = edge(**BRIEFLY)
    first = asked.get("/no-store").text

    deadline = time.monotonic() + 5
    while (again := asked.get("/no-store").text) == first and time.monotonic() < deadline:
        time.sleep(0.05)

    assert again != first


def test_an_answer_is_told_apart_by_what_the_policy_names(edge: Callable[..., Edge]) -> None:
    assert not edge(**AS_ORIGIN_SAYS).is_kept("/max-age_60?theme=a", then="/max-age_60?theme=b")
    assert edge(**AS_ORIGIN_SAYS, query="none").is_kept("/max-age_60?theme=a", then="/max-age_60?theme=b")
    assert edge(**AS_ORIGIN_SAYS).is_kept("/max-age_60", cookie="session=another")


def test_a_reading_request_is_forwarded_without_authorization_and_a_writing_one_with_it(
    edge: Callable[..., Edge],
) -> None:
    asked = edge(**AS_ORIGIN_SAYS)

    asked.get("/max-age_60", authorization="mine")
    asked.get("/max-age_60", "POST", authorization="mine")

    assert Origin.authorizations[-2:] == [None, "mine"]


def test_who_has_a_kept_answer_already_is_told_so(edge: Callable[..., Edge]) -> None:
    asked = edge(**AS_ORIGIN_SAYS)
    asked.get("/max-age_60")

    assert asked.get("/max-age_60", **{"if-none-match": '"one"'}).status_code == 304


def test_an_invalidation_makes_paths_forgotten(edge: Callable[..., Edge]) -> None:
    asked = edge(**AS_ORIGIN_SAYS)
    before = [asked.get(path).text for path in ("/max-age_60", "/max-age_61")]

    asked.forget("/max-age_60")

    after = [asked.get(path).text for path in ("/max-age_60", "/max-age_61")]
    assert after[0] != before[0]
    assert after[1] == before[1]


def test_a_behaviour_that_compresses_sends_long_texts_compressed_to_who_accepts_it(
    edge: Callable[..., Edge],
) -> None:
    asked, plain = edge(**AS_ORIGIN_SAYS, compress=True), edge(**AS_ORIGIN_SAYS)
    gzip = {"accept-encoding": "gzip"}

    for answer in (asked.get("/max-age_60?long", **gzip), asked.get("/max-age_60?long", **gzip)):
        assert answer.headers["content-encoding"] == "gzip"
        assert len(answer.text) >= 2_000
    for short in ("/max-age_60", "/max-age_60?long&image"):
        assert "content-encoding" not in asked.get(short, **gzip).headers
    assert "content-encoding" not in asked.get("/max-age_60?long", **{"accept-encoding": "identity"}).headers
    assert "content-encoding" not in plain.get("/max-age_60?long", **gzip).headers
