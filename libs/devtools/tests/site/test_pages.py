"""The site is made from the READMEs, the pages of docs/ and the code, and all of its links work."""

import re
from pathlib import Path

import pytest

from devtools import site
from devtools.site import navigation, pages
from stagectl.checkout import Checkout

BLOB = "https://git.example/big-mouth/blob/main"
_LOADED = re.compile(r"<(?:script|img)[^>]* src=\"(?:https?:)?//|<link[^>]* rel=\"stylesheet\"[^>]*//")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A checkout with a page, a service with a README, and a source."""
    for path in ("docs/page.md", "services/orders/README.md", "services/orders/serverless.yml"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(f"# `{path}`\n", encoding="utf-8")
    return tmp_path


def changed(folder: Path, text: str, path: str = "docs/page.md") -> str:
    there = pages.found(folder)
    return pages.on_site(text, path, folder, on_site=there.__contains__, repository=BLOB)


def test_a_link_between_pages_stays(folder: Path) -> None:
    assert changed(folder, "[x](../services/orders/README.md#a)") == "[x](../services/orders/README.md#a)"


def test_a_link_to_a_folder_leads_to_its_readme(folder: Path) -> None:
    assert changed(folder, "[x](../services/orders)") == "[x](../services/orders/README.md)"


def test_a_link_to_a_source_leads_to_the_repository(folder: Path) -> None:
    link = changed(folder, "[x](../services/orders/serverless.yml#L3)")

    assert link == f"[x]({BLOB}/services/orders/serverless.yml#L3)"


def test_a_link_to_nothing_stays_so_that_the_build_reports_it(folder: Path) -> None:
    assert changed(folder, "[x](gone.md)") == "[x](gone.md)"


def test_code_is_left_alone(folder: Path) -> None:
    text = "```sh\n[x](../services/orders)\n```\n"

    assert changed(folder, text) == text


def test_the_title_of_a_page_is_its_heading_without_marks() -> None:
    assert pages.title("intro\n# The `orders` *service*\n", "docs/page.md") == "The orders service"


def test_a_page_that_no_section_takes_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"elsewhere/page\.md"):
        navigation.of({"README.md": "Start", "elsewhere/page.md": "Lost"})


def test_the_site_is_built_without_a_warning_and_loads_nothing_from_other_hosts() -> None:
    built = site.build(Checkout.of_this_file(), "https://git.example/big-mouth")

    files = list(built.rglob("*.html"))
    assert {built / "index.html", built / "reference" / "stagectl" / "index.html"} <= set(files)
    loading = [path for path in files if _LOADED.search(path.read_text(encoding="utf-8"))]
    assert loading == []
