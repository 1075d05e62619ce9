import json
from collections.abc import Callable
from pathlib import Path

import pytest

from devtools import tool_environments
from devtools.supply_chain import changelog, release_files
from devtools.supply_chain.changelog import Version
from stagectl.checkout import Checkout
from stagectl.errors import StagectlError
from stagectl.system.child_process import Children

Write = Callable[[str, str], Path]
NOTES = "### Added\n\n- **orders**: a basket"
CHANGELOG = (
    f"# Changelog\n\nWords.\n\n## 0.2.0, 2026-11-28\n\n{NOTES}\n\n## 0.1.0, 2026-01-02\n\n- the first\n"
)
BILL = {"bomFormat": "CycloneDX", "components": []}


@pytest.fixture
def programs(checkout: Checkout, write: Write, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    """A checkout with git, and with programs that print what the real ones do."""
    write("cliff.md", CHANGELOG)
    cliff = write("git-cliff", f'#!/bin/sh\ncp "{checkout.root}/cliff.md" "$3"\n')
    cyclonedx = write("cyclonedx-py", f"#!/bin/sh\necho '{json.dumps(BILL)}'\n")
    npm = write("bin/npm", f"#!/bin/sh\necho npm warn x\necho '{json.dumps(BILL)}'\n")
    for program in (cliff, cyclonedx, npm):
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(npm.parent), prepend=":")
    monkeypatch.setattr(tool_environments, "program", lambda *given: str(checkout.root / given[-1]))
    monkeypatch.setattr("devtools.template.bundle.write", lambda *_: None)  # not-in-new-products
    write("package.json", '{"version": "0.2.0"}')
    write("pyproject.toml", '[project]\nversion = "0.1.0"\n')
    write("services/orders/serverless.yml", "service: orders")
    write("services/orders/requirements.txt", "pydantic==2\n")
    write("CHANGELOG.md", CHANGELOG)
    for command in (
        ["init", "-q"],
        [
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@b",
            "commit",
            "-q",
            "--allow-empty",
            "-m",
            "feat: a basket",
        ],
    ):
        Children().run(["git", *command], cwd=checkout.root)
    return checkout


def test_the_newest_version_is_the_first_of_the_changelog() -> None:
    assert changelog.newest(CHANGELOG) == Version("0.2.0", NOTES, CHANGELOG)


def test_a_changelog_without_a_version_says_how_it_is_written() -> None:
    with pytest.raises(StagectlError, match="npm run release"):
        changelog.newest("# Changelog\n")


def test_there_is_nothing_to_release_once_the_version_has_its_tag(programs: Checkout) -> None:
    assert changelog.following(programs) == Version("0.2.0", NOTES, CHANGELOG)

    Children().run(["git", "tag", "v0.2.0"], cwd=programs.root)
    assert changelog.following(programs) is None


def test_a_version_is_written_where_tools_look_for_it(programs: Checkout) -> None:
    changelog.write(programs, Version("0.3.0", NOTES, "new"))

    assert (programs.root / "CHANGELOG.md").read_text() == "new"
    assert 'version = "0.3.0"' in (programs.root / "pyproject.toml").read_text()


def test_a_release_lists_the_packages_of_each_service_and_sums_every_list(programs: Checkout) -> None:
    folder = programs.root / "release"

    assert release_files.write(programs, folder) == "0.2.0"

    assert (folder / "notes.md").read_text() == f"{NOTES}\n"
    bills = {"sbom-orders.cdx.json", "sbom-node.cdx.json"}
    assert {path.name for path in folder.iterdir()} == bills | {"notes.md", "SHA256SUMS"}
    assert all(json.loads((folder / bill).read_text()) == BILL for bill in bills)
    assert {line.split()[1] for line in (folder / "SHA256SUMS").read_text().splitlines()} == bills


def test_a_release_whose_versions_differ_is_refused(programs: Checkout, write: Write) -> None:
    write("package.json", '{"version": "0.1.0"}')

    with pytest.raises(StagectlError, match=r"begins with 0\.2\.0, package\.json says 0\.1\.0"):
        release_files.write(programs, programs.root / "release")
