"""The landing page at the URL that clients have always known."""

from collections.abc import Iterator

import pytest

from restaurants.adapters import web_page
from restaurants.handlers.get_landing_page import handle
from service_kit.aws import PublicAnswer, UpstreamUnavailable
from service_kit.parameters import override_parameters
from service_kit.testing import Reply, call, rest_event

HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-cache",
    "content-security-policy": "default-src 'none'; script-src https://web.example",
    "permissions-policy": "camera=()",
}


class FakeWeb:
    """The service that renders the page."""

    def __init__(self) -> None:
        self.answer: PublicAnswer | Exception = PublicAnswer(200, HEADERS, "<html>the page</html>")
        self.asked: list[tuple[str, dict[str, str]]] = []

    def get_public(
        self, url: str, *, query: dict[str, str], timeout_seconds: float, max_bytes: int
    ) -> PublicAnswer:
        assert timeout_seconds < 6
        assert max_bytes < 6 * 1024 * 1024
        self.asked.append((url, query))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture(autouse=True)
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeWeb]:
    """What the page is asked for."""
    fake = FakeWeb()
    monkeypatch.setattr(web_page, "get_public", fake.get_public)
    with override_parameters(handle, web_url="https://web.example/test"):
        yield fake


def get(**query: str) -> Reply:
    return call(handle, rest_event(query=query or None))


def test_the_page_is_what_web_answers(web: FakeWeb) -> None:
    reply = get()
    assert (reply.status, reply.text) == (200, "<html>the page</html>")
    assert {name: reply.headers[name] for name in HEADERS} == HEADERS
    assert web.asked == [("https://web.example/test/", {})]


@pytest.mark.parametrize(
    "query", [{"text": ""}, {"text": "bits & bobs"}, {"theme": "%", "cursor": "x" * 2_000}]
)
def test_web_is_asked_for_what_the_visitor_searches(web: FakeWeb, query: dict[str, str]) -> None:
    get(**query)
    assert web.asked == [("https://web.example/test/", query)]


def test_no_other_header_of_web_is_passed(web: FakeWeb) -> None:
    web.answer = PublicAnswer(200, HEADERS | {"set-cookie": "a=b", "x-request-id": "of-web"}, "")
    reply = get()
    assert "set-cookie" not in reply.headers
    assert reply.headers["x-request-id"] == "gateway-request"


def test_a_page_without_a_policy_may_load_nothing(web: FakeWeb) -> None:
    web.answer = PublicAnswer(200, {"content-type": "text/html"}, "<html>")
    assert get().headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_what_web_refuses_is_refused(web: FakeWeb) -> None:
    web.answer = PublicAnswer(400, {"content-type": "application/problem+json"}, "{}")
    reply = get()
    assert (reply.status, reply.headers["content-type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("status", [302, 403, 404, 429, 500, 503])
def test_the_page_is_503_while_web_shows_none(web: FakeWeb, status: int) -> None:
    web.answer = PublicAnswer(status, HEADERS, "internal")
    reply = get()
    assert (reply.status, reply.headers["content-type"]) == (503, "application/problem+json")
    assert int(reply.headers["retry-after"]) > 0
    assert reply.document["detail"] == "The page is not available. Try again in a moment."
    assert "internal" not in reply.text


def test_the_page_is_503_while_web_does_not_answer(web: FakeWeb) -> None:
    web.answer = UpstreamUnavailable("GET https://web.example/test/ did not answer within 5 s")
    reply = get()
    assert (reply.status, reply.headers["content-type"]) == (503, "application/problem+json")
    assert int(reply.headers["retry-after"]) > 0
    assert "web.example" not in reply.text


@pytest.mark.parametrize("name", ["text", "theme", "cursor"])
def test_a_query_that_no_page_has_is_not_passed_on(web: FakeWeb, name: str) -> None:
    assert get(**{name: "x" * 2_001}).status == 400
    assert web.asked == []
