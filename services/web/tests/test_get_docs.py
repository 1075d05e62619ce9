"""The page that describes the APIs."""

import json
from collections.abc import Iterator

import pytest

from service_kit.parameters import override_parameters
from service_kit.testing import Reply, call, rest_event
from web import wiring
from web.handlers.get_docs import handle

from .html_pages import PAGE_URL, PUBLISHED, Page, loaded, policy

FILES = {"assets/docs.js": "assets/docs.0a.js", "assets/docs.css": "assets/docs.0b.css"}


@pytest.fixture(autouse=True)
def published(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What the page has to know of other services, and of its files."""
    monkeypatch.setattr(wiring, "docs_files", lambda: FILES)
    monkeypatch.setenv("API_DOCS", "true")
    names = ("restaurants_url", "orders_url", "notifications_url")
    with override_parameters(handle, **{name: PUBLISHED[name] for name in names}):
        yield


def get() -> Reply:
    return call(handle, rest_event(path="/docs"))


def test_the_page_knows_the_url_of_each_service_on_this_stage() -> None:
    [body] = Page(get()).attributes("body")
    assert json.loads(body["data-servers"] or "") == {
        "notifications": PUBLISHED["notifications_url"],
        "orders": PUBLISHED["orders_url"],
        "restaurants": PUBLISHED["restaurants_url"],
        "web": PAGE_URL.rstrip("/"),
    }


def test_the_viewer_is_of_this_service_and_may_call_only_the_services() -> None:
    reply = get()
    assert f"{PAGE_URL}assets/docs.0a.js" in loaded(Page(reply))
    assert [address for address in loaded(Page(reply)) if not address.startswith(PAGE_URL)] == []
    assert policy(reply)["script-src"] == ["https://web.example"]
    assert set(policy(reply)["connect-src"]) == {
        "https://notifications.example",
        "https://orders.example",
        "https://restaurants.example",
        "https://web.example",
    }


def test_a_stage_that_describes_no_apis_leads_to_the_landing_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_DOCS", "false")
    reply = get()
    assert (reply.status, reply.headers["location"]) == (303, PAGE_URL)
