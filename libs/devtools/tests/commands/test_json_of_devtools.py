"""What the commands of this package print with --json, where no other test reads it."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from devtools.checks import checkov
from devtools.contracts import documents, graph, overviews
from devtools.scaffolding import new_endpoint, new_service, scaffold
from devtools.supply_chain import changelog, release_files
from stagectl import execution_policy
from stagectl.checkout import Checkout
from stagectl.cli import app

ROOT = Checkout.of_this_file().root


def document_of(*arguments: str, exit_code: int = 0) -> Any:
    """Return the JSON document that a command prints; anything beside it fails."""
    result = CliRunner().invoke(app, [*arguments, "--json"], catch_exceptions=False)
    assert result.exit_code == exit_code
    return json.loads(result.stdout)


@pytest.fixture(autouse=True)
def written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Generators that write nothing."""
    monkeypatch.setattr(documents, "write", lambda _root: [ROOT / "services/events/README.md"])
    monkeypatch.setattr(overviews, "write", lambda _checkout: [ROOT / "docs/events.md"])
    monkeypatch.setattr(execution_policy, "write", lambda _checkout: ROOT / "policy.json")
    monkeypatch.setattr(execution_policy, "compile_all", lambda *_: [])


def test_generated_files_are_a_list() -> None:
    assert document_of("generate") == ["services/events/README.md", "docs/events.md"]
    assert document_of("generate-roles") == ["policy.json"]


def test_findings_of_checkov_are_an_object(monkeypatch: pytest.MonkeyPatch) -> None:
    found = checkov.Comparison(unexplained=["CKV_AWS_1 Table: a name"], unneeded=[])
    monkeypatch.setattr(checkov, "compare", lambda _checkout: found)

    document = document_of("checkov", exit_code=1)

    assert document == {"unexplained": ["CKV_AWS_1 Table: a name"], "unneeded": []}


@pytest.mark.parametrize("version", [None, changelog.Version("1.2.0", "Notes", "")])
def test_a_version_is_an_object(version: changelog.Version | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changelog, "following", lambda _checkout: version)
    monkeypatch.setattr(release_files, "write", lambda *_: "1.2.0")

    number = version and version.number
    assert document_of("new-version", "--dry-run")["version"] == number
    assert document_of("release-files", "folder") == {"version": "1.2.0"}


def test_a_graph_is_an_object(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph, "of_all", lambda *_: None)
    monkeypatch.setattr(graph, "mermaid", lambda _drawn: "flowchart")
    monkeypatch.setattr(graph, "document", lambda _drawn: {"nodes": []})

    assert document_of("graph") == {"nodes": []}


def test_files_of_a_new_endpoint_and_a_new_service_are_lists(
    monkeypatch: pytest.MonkeyPatch, checkout: Checkout, write: Callable[[str, str], Path]
) -> None:
    write(
        "services/films/serverless.yml",
        "service: films\nfunctions: {get-film: {handler: x, events: [http: GET /films]}}\n",
    )
    monkeypatch.setattr(Checkout, "of_this_file", lambda: checkout)
    monkeypatch.setattr(scaffold, "undone_on_failure", lambda *_: nullcontext())
    for module in (new_endpoint, new_service):
        monkeypatch.setattr(module, "create", lambda *_: None)
    monkeypatch.setattr(new_service, "make_importable", lambda _folder: None)

    assert "services/films/serverless.yml" in document_of("new-endpoint", "films", "rate-film")
    assert document_of("new-service", "payments") == ["services/payments"]
