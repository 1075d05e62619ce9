import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stagectl.checkout import Checkout, services
from stagectl.checkout.services import Stack
from stagectl.cli import app
from stagectl.stages import smoke

Write = Callable[[str, str], Path]
SERVERLESS = """
service: orders
functions:
  get-index: {events: [{http: {method: get, path: /}}]}
  get-asset: {events: [{http: {method: get, path: "assets/{file+}"}}]}
  sign-up: {events: [{http: {method: post, path: sign-up}}]}
  get-order:
    events: [{http: {method: get, path: "orders/{orderId}", authorizer: {type: COGNITO_USER_POOLS}}}]
  delete-order:
    events: [{http: {method: delete, path: "orders/{orderId}", authorizer: aws_iam}}]
"""


class Stage:
    """Answers strangers, and notes what they asked."""

    def __init__(self, *, index: list[int], orders: int = 401) -> None:
        self._index = index
        self._orders = orders
        self.asked: list[tuple[str, str]] = []

    def ask(self, method: str, url: str) -> int:
        self.asked.append((method, url))
        return self._index.pop(0) if url == "https://o/" else self._orders


@pytest.fixture
def check(checkout: Checkout, write: Write, monkeypatch: pytest.MonkeyPatch) -> Callable[[Stage], list[bool]]:
    write("services/orders/serverless.yml", SERVERLESS)
    monkeypatch.setattr(smoke, "_POLL_SECONDS", 0.0)
    stacks = services.discover(checkout.root)
    return lambda stage: [
        finding.is_right
        for finding in smoke.request_routes(
            stacks, {"orders": "https://o/"}, ask=stage.ask, deadline_seconds=0.2
        )
    ]


def test_public_pages_answer_and_every_other_route_refuses(check: Callable[[Stage], list[bool]]) -> None:
    stage = Stage(index=[200])

    assert check(stage) == [True, True, True]
    assert stage.asked == [
        ("GET", "https://o/"),
        ("GET", "https://o/orders/smoke-test"),
        ("DELETE", "https://o/orders/smoke-test"),
    ]


@pytest.mark.parametrize("status", [200, 404, 500, 0])
def test_a_route_that_does_not_refuse_a_stranger_is_wrong(
    check: Callable[[Stage], list[bool]], status: int
) -> None:
    assert check(Stage(index=[200], orders=status)) == [True, False, False]


def test_a_page_that_needs_a_moment_after_a_deployment_is_asked_again(
    check: Callable[[Stage], list[bool]],
) -> None:
    assert check(Stage(index=[503, 0, 200]))[0]


@pytest.fixture
def server() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_DELETE(self) -> None:
            self.send_response(403)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    httpd = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}/"
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def test_a_refusal_is_a_status_and_silence_is_none(server: str) -> None:
    assert smoke.ask_over_http("DELETE", server) == 403
    assert smoke.ask_over_http("GET", "http://127.0.0.1:9/") == 0


def test_a_product_without_an_api_has_nothing_to_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "discover", lambda _: {"auth": Stack("auth", Path())})

    ran = CliRunner().invoke(app, ["smoke", "--urls", "{}"])

    assert (ran.exit_code, ran.stdout) == (0, "")
    assert "there is nothing to test" in ran.stderr
