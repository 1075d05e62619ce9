"""The Node reference with its packages, installed once and kept in .bigmouth."""

import hashlib
import shutil
import subprocess
from pathlib import Path

from support.stage import REPOSITORY

SOURCES = Path(__file__).parent / "references" / "node"


def installed_node_reference() -> Path:
    """Give a folder with the reference's sources as they are now, and the packages of its lock file."""
    lock = hashlib.sha256((SOURCES / "package-lock.json").read_bytes()).hexdigest()[:12]
    folder = REPOSITORY / ".bigmouth" / "benchmarks" / f"node-{lock}"
    shutil.copytree(SOURCES, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules"))
    if not (folder / "node_modules" / ".package-lock.json").is_file():
        npm = ["npm", "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(npm, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return folder
