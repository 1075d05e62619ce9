"""The packages of the reference handlers, installed once for each lock file and kept."""

import hashlib
import shutil
import subprocess
from pathlib import Path

from benchmarks.cold_start.packages import REFERENCES, UV
from support.stage import REPOSITORY


def installed_node_reference() -> Path:
    """Return a folder with the sources of the reference in Node, and the packages of its lock file."""
    sources = REFERENCES / "node"
    folder = _kept(sources / "package-lock.json")
    shutil.copytree(sources, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules"))
    if not (folder / "node_modules" / ".package-lock.json").is_file():
        npm = ["npm", "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(npm, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return folder


def installed_requirements(name: str) -> Path:
    """Return a folder with the packages that a reference in Python requires; it may be empty."""
    requirements = REFERENCES / name / "requirements.txt"
    folder = _kept(requirements)
    if requirements.is_file() and not folder.exists():
        partial = folder.with_suffix(".partial")
        install: list[str | Path] = [UV, "pip", "install", "--quiet", "--target", partial, "--require-hashes"]
        subprocess.run([*install, "--requirements", requirements], check=True)
        partial.rename(folder)
    return folder


def _kept(lock: Path) -> Path:
    digest = hashlib.sha256(lock.read_bytes() if lock.is_file() else b"").hexdigest()[:12]
    return REPOSITORY / ".bigmouth" / "benchmarks" / f"{lock.parent.name}-{digest}"
