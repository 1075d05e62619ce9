"""The files of a checkout that a new product gets."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from devtools import git
from devtools.template import examples, names
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


def read(root: Path, generated: Mapping[str, File] | None = None) -> dict[str, File]:
    """Return, by path, the files that git tracks in a checkout, as files of a template.

    A file of which something depends on the answers ends with `.jinja`.

    Args:
        root: Root of the checkout.
        generated: What a product without the example services generates otherwise, by path.

    Raises:
        StagectlError: Git cannot list the files, or a file cannot be made a template.
    """
    files = {path: read_file(root / path) for path in paths(root)}
    instead = {path: read_file(other) for path, other in examples.instead().items()}
    return as_template(files, {**instead, **(generated or {})})


def as_template(files: Mapping[str, File], instead: Mapping[str, File] | None = None) -> dict[str, File]:
    """Return files as those of a template.

    Args:
        files: The files of a product, by path.
        instead: Those that differ, or are added, in a product without the example services.

    Raises:
        StagectlError: A file cannot be made a template.
    """
    instead = instead or {}
    found: dict[str, File] = {}
    for path, file in {**instead, **files}.items():
        if names.in_(path):
            raise StagectlError(f"{path}: a path of the template holds no name of the product. Rename it.")
        try:
            text = names.without_own_lines(file.content.decode("utf-8"))
        except UnicodeDecodeError:
            found[path] = file
            continue
        other = instead[path].content.decode("utf-8") if path in files and path in instead else None
        if other is None and not names.in_(text) and not examples.has_choices(text):
            found[path] = File(text.encode(), file.is_executable)
            continue
        made = _templated(path, text)
        if other is not None:
            made = examples.either(made, _templated(path, other))
        found[path + SUFFIX] = File(made.encode(), file.is_executable)
    return found


def _templated(path: str, text: str) -> str:
    try:
        return examples.with_choices(names.replaced(text))
    except ValueError as error:
        raise StagectlError(f"{path} cannot be in the template: {error}.") from error


def paths(root: Path) -> list[str]:
    """Return the paths of a checkout's files that a new product gets.

    Raises:
        StagectlError: Git cannot list the files.
    """
    tracked = git.output(root, "ls-files", "-z").split("\0")
    return [path for path in tracked if not path.startswith(LEFT_OUT) and (root / path).is_file()]


def read_file(path: Path) -> File:
    """Read a file."""
    return File(path.read_bytes(), is_executable=path.stat().st_mode & 0o100 != 0)


def write(folder: Path, files: Mapping[str, File]) -> None:
    """Write files into a folder, by path."""
    for path, file in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.content)
        if file.is_executable:
            target.chmod(0o755)
