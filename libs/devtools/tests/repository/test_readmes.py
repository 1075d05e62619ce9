"""READMEs that say what the code says."""

import re
from pathlib import Path
from typing import Any

import pytest

from devtools.site import pages
from stagectl.checkout import services
from stagectl.checkout.yaml_loader import load_mapping

from .conftest import ROOT

STACKS = [stack.folder for stack in services.discover(ROOT).values()]
LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)(?:#[^)]*)?\)")


def documents() -> list[Path]:
    found = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    for folder in ("services", "libs", "shared-infra", "tests-e2e"):
        found += (ROOT / folder).glob("**/*.md")
    return sorted(path for path in found if not pages.LEFT_OUT & set(path.parts))


def parameters(folder: Path, resource_type: str) -> list[str]:
    """Return the SSM names that a stack's templates write or read, with {stage} for the stage."""
    documents = [load_mapping(path) for path in (folder / "resources").glob("*.yml")]
    names = [
        entry.get("Default") or entry["Properties"]["Name"]
        for document in documents
        for section in ("Resources", "Parameters")
        for entry in (document.get(section) or {}).values()
        if str(entry.get("Type", "")).startswith(resource_type)
    ]
    service = folder.name
    return [
        name.replace("${self:service}", service)
        .replace("${sls:stage}", "{stage}")
        .replace("${param:ssmStage}", "{ssmStage}")
        for name in names
    ]


def routes(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    functions = load_mapping(folder / "serverless.yml").get("functions") or {}
    return [
        (key, event["http"])
        for key, function in functions.items()
        for event in function.get("events", [])
        if "http" in event
    ]


@pytest.mark.parametrize("folder", STACKS, ids=lambda path: path.name)
def test_a_readme_names_every_parameter_that_its_stack_publishes(folder: Path) -> None:
    readme = (folder / "README.md").read_text()
    assert [name for name in parameters(folder, "AWS::SSM::Parameter") if f"`{name}`" not in readme] == []


@pytest.mark.parametrize("folder", STACKS, ids=lambda path: path.name)
def test_a_readme_names_every_route_and_function(folder: Path) -> None:
    readme = (folder / "README.md").read_text()
    functions = load_mapping(folder / "serverless.yml").get("functions") or {}
    missing = [key for key in functions if f"`{key}`" not in readme]
    missing += [
        f"{route['method']} {route['path']}"
        for _, route in routes(folder)
        if f"`{route['method']} {route['path']}`" not in readme
    ]
    assert missing == []


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_document_leads_somewhere(document: Path) -> None:
    targets = LINK.findall(document.read_text())
    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_no_document_or_message_asks_a_registry_for_our_programs() -> None:
    # Before the setup `npx NAME` runs whatever has that name on the registry. Workflows set up first.
    sources = [*documents(), *(ROOT / "libs").glob("*/*/**/*.py"), *(ROOT / "services").glob("*/*.yml")]
    asking = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in sources
        if not {"tests", "workflow_runs"} & set(path.parts)
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"npx (?!--no )\w", line)
    ]
    assert asking == []


def test_the_architecture_names_the_events_that_there_are() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    first_cells = re.findall(r"^\| ((?:`[a-z_]+`(?:, )?)+) \|", page, re.MULTILINE)
    named = {name for cell in first_cells for name in re.findall(r"`([a-z]+_[a-z_]+)`", cell)}

    assert named == {
        path.name.removesuffix(".schema.json") for path in ROOT.glob("services/*/events/*.schema.json")
    }
