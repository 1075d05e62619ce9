"""The page for a restaurant's staff."""

from collections.abc import Iterator

import pytest

from service_kit.parameters import override_parameters
from service_kit.testing import Reply, call, rest_event
from web import wiring
from web.adapters import landing_page
from web.handlers import get_index
from web.handlers.get_restaurant_page import handle

from .html_pages import ASSETS_URL, PUBLISHED, Page, configuration, loaded, loaded_assets


@pytest.fixture(autouse=True)
def published() -> Iterator[None]:
    """What the page has to know of other services."""
    with override_parameters(handle, **PUBLISHED):
        yield


def get() -> Reply:
    return call(handle, rest_event())


def test_the_page_is_served_and_secured_like_the_landing_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landing_page, "get_json", lambda *_, **__: [])
    with override_parameters(get_index.handle, **PUBLISHED):
        first = call(get_index.handle, rest_event())
    reply = get()

    assert (reply.status, reply.headers) == (200, first.headers)
    assert configuration(reply) == configuration(first)


def test_the_page_loads_its_own_script_and_only_this_services_assets() -> None:
    addresses = loaded(Page(get()))
    assert "app.js" in loaded_assets(Page(get()))
    assert [address for address in addresses if not address.startswith(ASSETS_URL)] == []


def test_the_package_brings_all_that_the_page_loads_but_the_script_that_packaging_builds() -> None:
    for name in loaded_assets(Page(get())) - {"app.js"}:
        assert wiring.assets().find(name).text


def test_the_page_has_no_script_and_no_style_that_its_policy_would_not_run() -> None:
    page = Page(get())
    assert page.attributes("style") == []
    assert [tag for tag, attributes in page.elements if "style" in attributes] == []
    assert [script for script in page.attributes("script") if "src" not in script] == []
    names = {name for _, attributes in page.elements for name in attributes}
    assert not {name for name in names if name.startswith("on")}
