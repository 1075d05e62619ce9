"""The landing page."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urljoin

import pytest

from service_kit.aws import UpstreamUnavailable
from service_kit.parameters import override_parameters
from service_kit.testing import Reply, call, rest_event
from web import wiring
from web.adapters import landing_page
from web.handlers.get_index import handle
from web.handlers.html_page import content_security_policy

from .html_pages import (
    ASSETS_URL,
    PAGE_URL,
    PUBLISHED,
    RESTAURANTS_URL,
    Page,
    configuration,
    directives,
    loaded,
    loaded_assets,
    policy,
)

BASE_URL = PAGE_URL.rstrip("/")
HOSTILE = """</h2><script>alert("1")</script><img src=x onerror='alert(2)'>{{ 7 * 7 }}"""


class FakeListApi:
    """The list and the search of this service's API."""

    def __init__(self) -> None:
        self.restaurants: list[dict[str, Any]] = []
        self.next_cursor: str | None = None
        self.is_understood = True
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self.searched: list[dict[str, str]] = []
        self.failure: Exception | None = None

    def add(self, name: str, *themes: str) -> None:
        image = f"{RESTAURANTS_URL}/assets/images/fangtasia.svg"
        self.restaurants.append({"name": name, "image": image, "themes": list(themes)})

    def get_json(
        self,
        url: str,
        *,
        segments: Sequence[str],
        query: Mapping[str, str] | None = None,
        none_on: Collection[int] = (),
    ) -> Any:
        self.asked.append((url, tuple(segments)))
        if self.failure is not None:
            raise self.failure
        if query is None:
            return self.restaurants
        self.searched.append(dict(query))
        if not self.is_understood:
            assert 400 in none_on
            return None
        return {"restaurants": self.restaurants, "nextCursor": self.next_cursor}


@pytest.fixture(autouse=True)
def list_api(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeListApi]:
    """What the page is made of."""
    fake = FakeListApi()
    monkeypatch.setattr(landing_page, "get_json", fake.get_json)
    with override_parameters(handle, **PUBLISHED):
        yield fake


def get(**query: str) -> Reply:
    return call(handle, rest_event(queryStringParameters=query or None))


def connections(*urls: str) -> list[str]:
    """Return the sources that the policy lets a script call that is to call these URLs."""
    return directives(content_security_policy(BASE_URL, connect_to=urls))["connect-src"]


def links(reply: Reply) -> dict[str, str]:
    """Return the address of each link by its text, of which only the last one of a kind counts."""
    page = Links(reply)
    return page.by_text


class Links(Page):
    """The links of a page."""

    def __init__(self, reply: Reply) -> None:
        self.by_text: dict[str, str] = {}
        self._address: str | None = None
        super().__init__(reply)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        self._address = dict(attrs).get("href") if tag == "a" else None

    def handle_data(self, data: str) -> None:
        super().handle_data(data)
        if self._address is not None:
            self.by_text[data] = self._address
            self._address = None


def test_the_page_is_html_for_everybody() -> None:
    reply = get()
    assert reply.status == 200
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.text.lstrip().lower().startswith("<!doctype html>")


def test_the_page_asks_the_list_api_of_restaurants(list_api: FakeListApi) -> None:
    get()
    assert list_api.asked == [(RESTAURANTS_URL, ("restaurants",))]


def test_the_page_shows_each_restaurant_with_its_image(list_api: FakeListApi) -> None:
    list_api.add("Freddy's BBQ Joint", "netflix")
    list_api.add("Café & Bar", "movie")
    page = Page(get())
    assert "Freddy's BBQ Joint" in page.text
    assert "Café & Bar" in page.text
    sources = [urljoin(PAGE_URL, image.get("src") or "") for image in page.attributes("img")]
    assert sources.count(wiring.assets().hashed(BASE_URL, "/assets/images/fangtasia.svg")) == 2


def test_the_page_shows_an_empty_catalogue() -> None:
    assert get().status == 200


@pytest.mark.parametrize(
    "query",
    [
        {"text": "bits"},
        {"theme": "rick and morty"},
        {"text": "💥 & ?", "theme": "%", "cursor": "next"},
    ],
)
def test_a_query_is_searched_for(list_api: FakeListApi, query: dict[str, str]) -> None:
    list_api.add("Lil' Bits")
    page = Page(get(**query))
    assert list_api.asked == [(RESTAURANTS_URL, ("restaurants", "search", "signed"))]
    assert list_api.searched == [query]
    assert "Lil' Bits" in page.text
    fields = {field.get("name"): field.get("value") for field in page.attributes("input")}
    assert fields["text"] == query.get("text", "")
    assert fields["theme"] == query.get("theme", "")


def test_an_empty_search_finds_all_restaurants(list_api: FakeListApi) -> None:
    get(text="", theme="")
    assert list_api.searched == [{}]


def test_a_search_leads_to_its_next_page_and_back_to_its_first(list_api: FakeListApi) -> None:
    list_api.next_cursor = "the next"
    found = links(get(text="b&b", theme="x y", cursor="this one"))
    search = f"{PAGE_URL}?text=b%26b&theme=x+y"
    assert found["More restaurants"] == f"{search}&cursor=the+next#restaurants"
    assert found["First page"] == f"{search}#restaurants"


def test_the_page_leads_to_that_for_restaurants() -> None:
    assert links(get())["For restaurants"] == f"{PAGE_URL}restaurant"


def test_the_last_page_of_a_search_leads_no_further() -> None:
    assert "More restaurants" not in links(get(text="bits"))


def test_a_theme_leads_to_the_restaurants_that_have_it(list_api: FakeListApi) -> None:
    list_api.add("Fangtasia", "true & blood")
    assert links(get())["true & blood"] == f"{PAGE_URL}?theme=true%20%26%20blood#restaurants"


def test_what_the_search_refuses_is_told_on_the_page(list_api: FakeListApi) -> None:
    list_api.is_understood = False
    assert "That cannot be searched for." in Page(get(text="x" * 200)).text


def test_a_hostile_search_is_text_and_nothing_else() -> None:
    harmless = Page(get(text="x", theme="y", cursor="z"))
    hostile = Page(get(text=HOSTILE, theme=HOSTILE, cursor=HOSTILE))
    assert [tag for tag, _ in hostile.elements] == [tag for tag, _ in harmless.elements]


def test_the_page_tells_its_script_whom_to_call() -> None:
    assert configuration(get()) == {
        "region": "eu-central-1",
        "userPoolId": "eu-central-1_pool",
        "webClientId": "web-client-id",
        "cognitoEndpoint": "https://cognito-idp.eu-central-1.amazonaws.com",
        "webUrl": "https://web.example/test",
        "restaurantsUrl": "https://restaurants.example/test",
        "ordersUrl": "https://orders.example/test",
        "notificationsUrl": "https://notifications.example/test",
        "legal": {name: wiring.legal_documents().find(name).current.number for name in ("privacy", "terms")},
    }


def test_a_registration_needs_a_tick_that_is_not_set_and_links_to_the_current_documents() -> None:
    page = Page(get())
    [box] = [one for one in page.attributes("input") if one.get("type") == "checkbox"]
    assert "required" in box
    assert "checked" not in box
    links = {link.get("href") for link in page.attributes("a")}
    for name, version in configuration(get())["legal"].items():
        assert f"{PAGE_URL}legal/{name}/{version}" in links


def test_the_footer_leads_to_the_legal_documents() -> None:
    links = {link.get("href") for link in Page(get()).attributes("a")}
    assert {f"{PAGE_URL}legal/{name}" for name in ("terms", "privacy", "imprint")} <= links


def test_a_hostile_restaurant_is_text_and_nothing_else(list_api: FakeListApi) -> None:
    list_api.add("Fangtasia", "true blood")
    harmless = Page(get())
    list_api.restaurants.clear()
    list_api.add(HOSTILE, HOSTILE)
    hostile = Page(get())
    assert [tag for tag, _ in hostile.elements] == [tag for tag, _ in harmless.elements]
    assert HOSTILE in hostile.text


def test_a_hostile_restaurant_adds_no_attribute(list_api: FakeListApi) -> None:
    list_api.add("""x" onerror="alert(1)" y='""", """x' onclick='alert(1)""")
    names = {name for _, attributes in Page(get()).elements for name in attributes}
    assert not {name for name in names if name.startswith("on")}


def test_the_page_has_no_script_and_no_style_that_its_policy_would_not_run(list_api: FakeListApi) -> None:
    list_api.add("Fangtasia", "true blood")
    page = Page(get())
    assert page.attributes("style") == []
    assert [tag for tag, attributes in page.elements if "style" in attributes] == []
    for script in page.attributes("script"):
        assert "src" in script or script.get("type") == "application/json"


def test_the_page_loads_only_this_services_own_assets(list_api: FakeListApi) -> None:
    list_api.add("Fangtasia", "true blood")
    addresses = loaded(Page(get()))
    assert "app.js" in loaded_assets(Page(get()))
    assert [address for address in addresses if not address.startswith(ASSETS_URL)] == []


def test_the_package_brings_all_that_the_page_loads_but_the_script_that_packaging_builds() -> None:
    for name in loaded_assets(Page(get())) - {"app.js"}:
        assert wiring.assets().find(name).text


def test_a_file_that_the_page_loads_is_named_by_its_content(list_api: FakeListApi) -> None:
    list_api.add("Fangtasia", "true blood")
    addresses = [address for address in loaded(Page(get())) if not address.endswith("app.js")]
    assert len(addresses) > 2
    for address in addresses:
        assert wiring.assets().find(address.removeprefix(ASSETS_URL)).content_hash in address


def test_the_policy_allows_nothing_unsafe() -> None:
    allowed = policy(get())
    sources = {source for of_directive in allowed.values() for source in of_directive}
    assert not {source for source in sources if "unsafe" in source or source in {"*", "data:", "https:"}}
    assert allowed["default-src"] == ["'none'"]
    own = ["https://web.example"]
    assert allowed["script-src"] == allowed["style-src"] == allowed["img-src"] == own
    assert allowed["base-uri"] == allowed["frame-ancestors"] == ["'none'"]
    assert allowed["form-action"] == own


def test_the_policy_lets_the_script_call_orders_and_cognito() -> None:
    assert policy(get())["connect-src"] == [
        "https://cognito-idp.eu-central-1.amazonaws.com",
        "https://notifications.example",
        "https://orders.example",
        "https://restaurants.example",
        "https://web.example",
        "wss://live.example",
    ]


def test_the_policy_names_the_endpoint_that_stands_in_for_cognito(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COGNITO_ENDPOINT", "http://127.0.0.1:4566/pool")
    reply = get()
    assert policy(reply)["connect-src"] == [
        "http://127.0.0.1:4566",
        "https://notifications.example",
        "https://orders.example",
        "https://restaurants.example",
        "https://web.example",
        "wss://live.example",
    ]
    assert configuration(reply)["cognitoEndpoint"] == "http://127.0.0.1:4566/pool"


def test_a_page_of_the_emulator_knows_its_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COGNITO_ENDPOINT", "http://127.0.0.1:4566")
    assert configuration(get())["codes"] == {"signUp": "123456", "reset": "654321"}


def test_the_policy_names_an_origin_once() -> None:
    assert connections("http://127.0.0.1:4566/a", "http://127.0.0.1:4566/b") == ["http://127.0.0.1:4566"]


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://orders.example/test", "https://orders.example"),
        ("https://Orders.Example:8443/a?b#c", "https://orders.example:8443"),
        ("https://user:secret@orders.example/test", "https://orders.example"),
        ("http://[::1]:4566/a", "http://[::1]:4566"),
        ("wss://live.example/test?a", "wss://live.example"),
        ("https://bücher.example/", "https://xn--bcher-kva.example"),
        ("https://orders.example/a;script-src *", "https://orders.example"),
        ("https://orders.example/a&b='c'", "https://orders.example"),
    ],
)
def test_the_policy_names_the_origin_of_a_url_and_nothing_else_of_it(url: str, origin: str) -> None:
    assert connections(url) == [origin]
    assert directives(content_security_policy(url, connect_to=[]))["script-src"] == [origin]


@pytest.mark.parametrize(
    "url",
    [
        "https://orders.example; script-src * 'unsafe-inline'",
        "https://a.example,b.example/",
        "https://a.example b.example/",
        "https://a.example\u00a0*/",
        "https://*.example/",
        "https://*",
        "https://'unsafe-inline'/",
        "javascript://a.example/",
        "data:text/html,x",
        "//a.example/",
        "a.example",
        "https://a.example:port/",
        "https://a.example:99999/",
        "https://[::1/",
        "",
    ],
)
def test_a_url_without_a_plain_origin_stays_out_of_the_policy(url: str) -> None:
    assert connections(url, "https://orders.example") == ["https://orders.example"]
    assert directives(content_security_policy(url, connect_to=[]))["script-src"] == ["'none'"]


def test_a_url_from_elsewhere_cannot_change_the_page_s_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = policy(get())
    monkeypatch.setenv("COGNITO_ENDPOINT", "https://a.example; script-src * 'unsafe-inline'; x")
    assert policy(get()) | {"connect-src": usual["connect-src"]} == usual


def test_browsers_keep_no_stale_page_and_tell_no_other_site_of_it() -> None:
    headers = get().headers
    assert headers["cache-control"] == "no-cache"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"


def test_the_page_is_503_while_the_list_is_down(list_api: FakeListApi) -> None:
    list_api.failure = UpstreamUnavailable("GET https://internal.example answered 500")
    reply = get()
    assert reply.status == 503
    assert reply.headers["content-type"] == "application/problem+json"
    assert "internal.example" not in reply.text
    assert reply.document["requestId"] == "gateway-request"


PAGE_ORIGIN = urljoin(PAGE_URL, "/").rstrip("/")
BEHIND_AN_EDGE = {"Big-Mouth-Apis-Below": "/api"}


def test_behind_an_edge_the_page_names_files_and_apis_by_paths_of_its_own_host(list_api: FakeListApi) -> None:
    list_api.add("Lil' Bits", "rick and morty")

    reply = call(handle, rest_event(headers=BEHIND_AN_EDGE))

    shown = configuration(reply)
    assert {name: value for name, value in shown.items() if name.endswith("Url")} == {
        "webUrl": "",
        "restaurantsUrl": "/api/restaurants",
        "ordersUrl": "/api/orders",
        "notificationsUrl": "/api/notifications",
    }
    assert all(file.startswith(f"{PAGE_ORIGIN}/assets/") for file in loaded(Page(reply)))
    assert BASE_URL not in reply.text
    assert RESTAURANTS_URL not in reply.text


def test_behind_an_edge_the_policy_allows_the_pages_own_host_alone_beside_sign_in_and_live_updates() -> None:
    found = policy(call(handle, rest_event(headers=BEHIND_AN_EDGE)))

    assert found["script-src"] == found["img-src"] == found["form-action"] == ["'self'"]
    assert found["connect-src"][0] == "'self'"
    assert not {*connections(PUBLISHED["orders_url"]), BASE_URL} & set(found["connect-src"])


@pytest.mark.parametrize("below", ["//evil.example", "https://evil.example", "/api/x", ""])
def test_the_page_takes_no_other_host_from_the_header(below: str) -> None:
    assert call(handle, rest_event(headers={"Big-Mouth-Apis-Below": below})).status == 400
