"""Tiny Cinema, rendered from the template of this checkout."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from devtools.template.checkout_files import LEFT_OUT, SUFFIX, File
from stagectl.checkout.yaml_loader import load_mapping

from .conftest import render

VARIABLE = re.compile(r"<\[ (\w+) \]>")
ANY_SPELLING = re.compile(rb"big[\W_]{0,3}mouth", re.IGNORECASE)
OWN_LINE = "not-in-new-products"


def test_no_name_of_this_product_is_left(product: Path, files: Mapping[str, File]) -> None:
    rendered = {str(path): path.read_bytes() for path in product.rglob("*") if path.is_file()}
    copied = {path: file.content for path, file in files.items() if not path.endswith(SUFFIX)}

    assert len(rendered) > 100
    assert [path for path, content in (rendered | copied).items() if ANY_SPELLING.search(content)] == []
    assert [path for path in files if ANY_SPELLING.search(path.encode())] == []


def test_no_variable_and_no_mark_is_left(product: Path) -> None:
    texts = {path: path.read_text("utf-8") for path in product.rglob("*") if path.is_file()}

    assert [path for path, text in texts.items() if VARIABLE.search(text) or OWN_LINE in text] == []


def test_it_has_all_files_but_those_that_make_templates(files: Mapping[str, File]) -> None:
    paths = {path.removesuffix(SUFFIX) for path in files}

    assert {"services/orders/serverless.yml", "tests-e2e/conftest.py", ".ci/run"} <= paths
    assert [path for path in paths if "devtools/template/" in path or path == "docs/adopt.md"] == []


def test_nothing_links_to_a_page_that_is_left_out(files: Mapping[str, File]) -> None:
    pages = [Path(path).name.encode() for path in LEFT_OUT if path.endswith(".md")]

    links = [
        (path, page)
        for path, file in files.items()
        for page in pages
        if path.removesuffix(SUFFIX).endswith(".md") and page + b")" in file.content
    ]

    assert links == [], f"Mark these lines with <!-- {OWN_LINE} -->"


def test_legal_documents_whose_hash_is_locked_are_only_copied(files: Mapping[str, File]) -> None:
    assert "services/web/legal/published.json" in files
    assert [path for path in files if path.startswith("services/web/legal/") and path.endswith(SUFFIX)] == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("README.md", "# Tiny Cinema\n"),
        ("LICENSE", "The Tiny Cinema authors"),
        ("package.json", '"name": "tiny-cinema"'),
        ("libs/stagectl/pyproject.toml", 'name = "tiny-cinema-stagectl"'),
        ("shared-infra/facts.json", '"eventSource": "tiny-cinema"'),
        ("shared-infra/defaults.yml", "POWERTOOLS_METRICS_NAMESPACE: TinyCinema"),
        ("services/orders/serverless.yml", '"@tinycinema/serverless-plugins/tags"'),
        ("services/web/web/handlers/html_page.py", '"Tiny-Cinema-Apis-Below"'),
        ("libs/stagectl/stagectl/targets/target.py", '"TINYCINEMA_PORT"'),
        (".gitignore", ".tinycinema/\n"),
        (".github/CODEOWNERS", "@tiny-cinema/maintainers"),
    ],
)
def test_it_has_its_own_name(product: Path, path: str, text: str) -> None:
    assert text in (product / path).read_text("utf-8")


def test_programs_stay_programs(product: Path) -> None:
    assert os.access(product / ".ci" / "run", os.X_OK)
    assert os.access(product / "libs" / "serverless_plugins" / "pip-through-uv", os.X_OK)


def test_its_answers_are_kept_for_updates(product: Path) -> None:
    answers = load_mapping(product / ".copier-answers.yml")

    assert answers["_commit"] == "2026.11.28.120000"
    assert answers["product_slug"] == answers["github_owner"] == "tiny-cinema"
    assert "product_word" not in answers


# As short and as long as a name may be.
@pytest.mark.parametrize("name", ["Abc", "Abcdefghijklmnopqrst"])
@pytest.mark.parametrize("example_services", [True, False])
def test_python_files_fit_whatever_the_length_of_the_name(
    tmp_path: Path, template: Path, name: str, example_services: bool
) -> None:
    product = render(template, tmp_path / "product", product_name=name, example_services=example_services)

    for arguments in (["check", "--select", "E501,F"], ["format", "--check"]):
        ran = subprocess.run(
            [sys.executable, "-m", "ruff", *arguments, "--no-cache", "--output-format", "concise", "."],
            cwd=product,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, f"Shorten the line, or name the product by a constant:\n{ran.stdout}"
