"""Compute the next version and the changelog from the conventional commits since the last tag."""

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from devtools import tool_environments
from stagectl.checkout import Checkout
from stagectl.errors import StagectlError
from stagectl.system.child_process import Children

CHANGELOG = Path("CHANGELOG.md")
TOOLS = "supply_chain"
_SECTION = re.compile(
    r"^## (?P<version>\d+\.\d+\.\d+), .*?\n+(?P<notes>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL
)
_OWN_VERSION = re.compile(r'^version = ".*"$', re.MULTILINE)


@dataclass(frozen=True)
class Version:
    """A version, and what its section of the changelog says.

    Attributes:
        number: Such as `0.2.0`.
        notes: What is new, as Markdown.
        changelog: The whole changelog.
    """

    number: str
    notes: str
    changelog: str


def newest(changelog: str) -> Version:
    """Return the version at the top of a changelog.

    Raises:
        StagectlError: It has no section of a version.
    """
    found = _SECTION.search(changelog)
    if found is None:
        raise StagectlError(f"{CHANGELOG} has no version. Write it with `npm run release`.")
    return Version(found["version"], found["notes"].strip(), changelog)


def following(checkout: Checkout) -> Version | None:
    """Return the version that a release of the current commit would have, or None when nothing calls for one.

    Raises:
        StagectlError: The history cannot be read, or git-cliff did not run.
    """
    children = Children()
    program = tool_environments.program(checkout, children, TOOLS, "git-cliff")
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / CHANGELOG
        output_of(checkout, children, [program, "--bump", "--output", str(written)])
        version = newest(written.read_text(encoding="utf-8"))
    tag = output_of(checkout, children, ["git", "tag", "--list", f"v{version.number}"])
    return None if tag.strip() else version


def write(checkout: Checkout, version: Version) -> None:
    """Write the changelog, and the version into the files of npm and Python.

    Raises:
        StagectlError: npm could not change its files.
    """
    (checkout.root / CHANGELOG).write_text(version.changelog, encoding="utf-8")
    pyproject = checkout.root / "pyproject.toml"
    text = _OWN_VERSION.sub(f'version = "{version.number}"', pyproject.read_text(encoding="utf-8"), count=1)
    pyproject.write_text(text, encoding="utf-8")
    npm = ["npm", "version", version.number, "--no-git-tag-version", "--allow-same-version"]
    output_of(checkout, Children(), npm)


def output_of(checkout: Checkout, children: Children, command: list[str]) -> str:
    """Run a command in the root of the checkout, and return what it prints.

    Raises:
        StagectlError: It failed.
    """
    completed = children.run(command, cwd=checkout.root)
    if completed.exit_code:
        raise StagectlError(f"{Path(command[0]).name} failed:\n{completed.output.strip()}")
    return completed.output
