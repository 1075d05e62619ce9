"""Pages about the example services say what the code says."""

import re

import pytest

from stagectl.checkout import services
from stagectl.checkout.yaml_loader import load_mapping

from .conftest import ROOT


def snippets() -> list[tuple[str, str]]:
    """Return (file, code) for each Python block of the README that follows a link to its file."""
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(r"\]\(([\w./-]+\.py)\)[^\n]*\n\n```python\n(.*?)```", page, re.DOTALL)


def test_the_readme_shows_an_endpoint_as_it_stands_in_the_code() -> None:
    shown = snippets()

    assert shown
    assert [file for file, code in shown if code not in (ROOT / file).read_text(encoding="utf-8")] == []


def test_the_architecture_draws_functions_that_there_are() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    functions = {
        key
        for stack in services.discover(ROOT).values()
        for key in load_mapping(stack.folder / "serverless.yml").get("functions") or {}
    }

    drawn = set(re.findall(r"\w\[([a-z]+(?:-[a-z]+)+)\]", page))
    assert drawn
    assert drawn <= functions


def fault_references() -> list[tuple[str, str]]:
    """Return (file, test) for every test that docs/faults.md names."""
    page = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    return re.findall(r"\]\(\.\./([\w./-]+)\) `(\w+)`", page)


@pytest.mark.parametrize(("file", "test"), fault_references())
def test_a_test_that_holds_a_fault_is_there(file: str, test: str) -> None:
    assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8")
