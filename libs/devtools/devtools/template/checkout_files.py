"""The files of a checkout that a new product gets."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from devtools.template import names
from stagectl.errors import StagectlError

SUFFIX = ".jinja"
# What is about making templates, or happened to this product.
LEFT_OUT = (
    "CHANGELOG.md",
    "docs/adopt.md",
    "libs/devtools/devtools/commands/making/template.py",
    "libs/devtools/devtools/template/",
    "libs/devtools/devtools/testing/nightly/new_product.py",
    "libs/devtools/tests/template/",
)


@dataclass(frozen=True)
class File:
    """A file of a template.

    Attributes:
        content: Its content.
        is_executable: Whether it is a program.
    """

    content: bytes
    is_executable: bool = False


def read(root: Path) -> dict[str, File]:
    """Return, by path, the files that git tracks in a checkout, as files of a template.

    A file that holds a name of the product ends with `.jinja`.

    Args:
        root: Root of the checkout.

    Raises:
        StagectlError: Git cannot list the files, or a file cannot be made a template.
    """
    return as_template({path: _file(root / path) for path in _tracked(root) if not path.startswith(LEFT_OUT)})


def as_template(files: Mapping[str, File]) -> dict[str, File]:
    """Return files as those of a template.

    Args:
        files: The files of a product, by path.

    Raises:
        StagectlError: A file cannot be made a template.
    """
    found: dict[str, File] = {}
    for path, file in files.items():
        if names.in_(path):
            raise StagectlError(f"{path}: a path of the template holds no name of the product. Rename it.")
        try:
            text = file.content.decode("utf-8")
        except UnicodeDecodeError:
            found[path] = file
            continue
        kept = names.without_own_lines(text)
        if not names.in_(kept):
            found[path] = File(kept.encode(), file.is_executable)
            continue
        try:
            replaced = names.replaced(kept)
        except ValueError as error:
            raise StagectlError(f"{path} cannot be in the template: {error}.") from error
        found[path + SUFFIX] = File(replaced.encode(), file.is_executable)
    return found


def _tracked(root: Path) -> list[str]:
    ran = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise StagectlError(f"git cannot list the files of {root}: {ran.stderr.strip()}")
    return [path for path in ran.stdout.split("\0") if (root / path).is_file()]


def _file(path: Path) -> File:
    return File(path.read_bytes(), is_executable=path.stat().st_mode & 0o100 != 0)
