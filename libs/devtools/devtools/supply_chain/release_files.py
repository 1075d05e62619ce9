"""Write what a release carries: notes, a list of the packages in each artifact, and checksums."""

import hashlib
import json
from pathlib import Path

from devtools import tool_environments
from devtools.supply_chain import changelog
from devtools.template import bundle  # not-in-new-products
from stagectl.checkout import Checkout, services
from stagectl.errors import StagectlError
from stagectl.system.child_process import Children

NOTES = "notes.md"
CHECKSUMS = "SHA256SUMS"


def write(checkout: Checkout, folder: Path) -> str:
    """Write the files of a release of the version at the top of the changelog, and return the version.

    Args:
        checkout: The checkout.
        folder: Folder to write into; it is created.

    Raises:
        StagectlError: The changelog names no version, or not that of `package.json`, or a tool failed.
    """
    version = changelog.newest(_changelog(checkout))
    package = json.loads((checkout.root / "package.json").read_text(encoding="utf-8"))
    if package["version"] != version.number:
        raise StagectlError(
            f"{changelog.CHANGELOG} begins with {version.number}, package.json says {package['version']}. "
            "Write both with `npm run release`."
        )
    folder.mkdir(parents=True, exist_ok=True)
    bundle.write(checkout, folder / "product-template.bundle")  # not-in-new-products
    children = Children()
    program = tool_environments.program(checkout, children, changelog.TOOLS, "cyclonedx-py")
    for stack in services.discover(checkout.root).values():
        lock = stack.folder / "requirements.txt"
        if lock.is_file():
            command = [program, "requirements", str(lock), "--output-reproducible"]
            _keep(folder / f"sbom-{stack.name}.cdx.json", changelog.output_of(checkout, children, command))
    npm = ["npm", "sbom", "--sbom-format=cyclonedx", "--package-lock-only", "--loglevel=error"]
    _keep(folder / "sbom-node.cdx.json", changelog.output_of(checkout, children, npm))
    files = sorted(path for path in folder.iterdir() if path.name not in {NOTES, CHECKSUMS})
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (folder / CHECKSUMS).write_text("".join(sums), encoding="utf-8")
    (folder / NOTES).write_text(f"{version.notes}\n", encoding="utf-8")
    return version.number


def _changelog(checkout: Checkout) -> str:
    path = checkout.root / changelog.CHANGELOG
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _keep(path: Path, output: str) -> None:
    """Write a bill of materials, after checking that it is one."""
    if json.loads(output[output.index("{") :]).get("bomFormat") != "CycloneDX":
        raise StagectlError(f"{path.name} would be no bill of materials:\n{output[:500]}")
    path.write_text(output[output.index("{") :], encoding="utf-8")
