"""Legal documents as pages."""

import json
from pathlib import Path

import pytest

from service_kit.settings import clear_settings
from service_kit.testing import Reply, call, rest_event
from web import wiring
from web.adapters.legal_files import LegalFiles
from web.handlers.get_legal_document import handle

from .html_pages import ASSETS_URL, PAGE_URL, Page, loaded, loaded_assets, policy

DOCUMENTS = ("terms", "privacy", "imprint")


def version(text: str, *, changes: str = "", needs_acceptance: bool = False) -> dict[str, object]:
    return {
        "date": "2026-11-28",
        "change": "Plainer.",
        "needsAcceptance": needs_acceptance,
        "html": f"<p>{text}</p>",
        "changes": changes,
    }


@pytest.fixture
def two_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Terms in two versions, of which the second changed a word."""
    file = tmp_path / "legal.json"
    versions = [
        version("You pay."),
        version("You pay [[operatorName]].", changes="<p>You <ins>pay</ins></p>"),
    ]
    file.write_text(json.dumps({"terms": {"title": "Terms", "versions": versions}}))
    monkeypatch.setattr(wiring, "legal_documents", lambda: LegalFiles(file))


def get(page: str) -> Reply:
    return call(handle, rest_event(path_parameters={"page": page}))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_document_shows_its_current_version_with_number_and_date(name: str) -> None:
    current = wiring.legal_documents().find(name).current
    page = Page(get(name))
    assert f"Version {current.number} of {current.date}" in page.text
    assert "This is the current version" in page.text
    assert page.attributes("script") == []


@pytest.mark.usefixtures("two_versions")
def test_each_version_has_its_own_address_that_stays() -> None:
    first, second = (Page(get(f"terms/{number}")) for number in (1, 2))
    assert "You pay." in first.text
    assert "No longer current" in first.text
    assert "No longer current" not in second.text
    links = {link["href"] for link in first.attributes("a")}
    assert {f"{PAGE_URL}legal/terms/1", f"{PAGE_URL}legal/terms/2", f"{PAGE_URL}legal/terms"} <= links


@pytest.mark.usefixtures("two_versions")
def test_a_version_shows_what_changed_since_the_one_before_without_a_script() -> None:
    page = Page(get("terms"))
    assert "What changed since version 1" in page.text
    assert ("ins", {}) in page.elements
    assert page.attributes("details")
    assert Page(get("terms/1")).attributes("details") == []


@pytest.mark.usefixtures("two_versions")
def test_what_the_stage_does_not_say_of_its_operator_is_marked() -> None:
    assert "[operatorName: not filled in]" in Page(get("terms")).text


@pytest.mark.usefixtures("two_versions")
def test_the_operator_is_filled_in_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPERATOR_NAME", "Ada & <b>Sons</b>")
    clear_settings()
    page = Page(get("terms"))
    assert "You pay Ada & <b>Sons</b>." in page.text
    assert ("b", {}) not in page.elements


@pytest.mark.parametrize(
    "page", ["cookies", "terms/0", "terms/99", "terms/1/2", "terms/", "terms/-1", "../terms", "terms/01"]
)
def test_any_other_page_is_not_found(page: str) -> None:
    assert get(page).status == 404


def test_the_page_is_secured_like_the_others_and_calls_nothing() -> None:
    reply = get("terms")
    assert policy(reply)["connect-src"] == ["'none'"]
    assert policy(reply)["default-src"] == ["'none'"]
    page = Page(reply)
    assert [address for address in loaded(page) if not address.startswith((ASSETS_URL, PAGE_URL))] == []
    assert {"style.css", "legal.css"} <= loaded_assets(page)
    assert [tag for tag, attributes in page.elements if "style" in attributes] == []


def test_only_what_customers_agree_to_is_accepted() -> None:
    least = {document.name: document.least_accepted for document in wiring.legal_documents().all()}
    assert least == {"terms": 1, "privacy": 1, "imprint": 0}
