"""The outcome of each mutant, by file."""

from __future__ import annotations

import ast
import difflib
import re
import subprocess
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_CAST = re.compile(r'\bcast\((?:None|"[^"]*"), ')
_NOTICED = frozenset({"killed", "timeout", "caught by type check", "segfault"})


@dataclass
class FileScore:
    """The mutants of one file.

    Attributes:
        noticed: How many made a test fail.
        equivalent: How many no test could notice; they do not count.
        missed: Names of those that no test noticed.
    """

    noticed: int = 0
    equivalent: int = 0
    missed: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many count."""
        return self.noticed + len(self.missed)


@dataclass(frozen=True)
class Equivalent:
    """A change that does not change what the code does.

    Attributes:
        file: File, from the repository's root.
        before: The line before the change.
        after: The line as it was mutated.
        reason: Why no test can tell them apart.
    """

    file: str
    before: str
    after: str
    reason: str

    @classmethod
    def read_all(cls, path: Path) -> list[Equivalent]:
        """Read the reviewed list."""
        return [cls(**entry) for entry in yaml.safe_load(path.read_text(encoding="utf-8")) or []]


def of_group(
    mutmut: Path, folder: Path, package: str, equivalents: Iterable[Equivalent]
) -> dict[str, FileScore]:
    """Read what mutmut noted in a folder.

    Args:
        mutmut: The program.
        folder: Where it ran.
        package: Folder of the package, from the repository's root.
        equivalents: Changes that do not count.
    """
    known = {(entry.file, entry.before.strip(), entry.after.strip()) for entry in equivalents}
    scores: dict[str, FileScore] = {}
    for name, verdict in _verdicts(mutmut, folder):
        file = _file_of(name, folder, package)
        score = scores.setdefault(file, FileScore())
        if verdict in _NOTICED:
            score.noticed += 1
        elif _is_equivalent(file, *change(folder, name), known):
            score.equivalent += 1
        else:
            score.missed.append(name)
    return scores


def _is_equivalent(file: str, before: str, after: str, known: set[tuple[str, str, str]]) -> bool:
    """Look a change up, and know one of a type for `cast`, which does nothing when the code runs."""
    if (file, before.strip(), after.strip()) in known:
        return True
    return before != after and _CAST.sub("cast(", before) == _CAST.sub("cast(", after)


def change(folder: Path, name: str) -> tuple[str, str]:
    """Return the lines that a mutant changes, as they are and as they were mutated."""
    module, _, function = name.rpartition(".")
    functions = _functions(_module_file(folder / "mutants" / "src", module))
    original = function.rpartition("__mutmut_")[0] + "__mutmut_orig"
    before = [line.replace(original, "") for line in functions[original]]
    after = [line.replace(function, "") for line in functions[function]]
    compared = list(difflib.ndiff(before, after))
    removed, added = (" ".join(line[2:] for line in compared if line[0] == mark) for mark in "-+")
    return removed, added


@cache
def _functions(file: Path) -> dict[str, list[str]]:
    """Read the functions of a file that holds mutants, which all have names of their own."""
    text = file.read_text(encoding="utf-8")
    lines = text.splitlines()
    return {
        node.name: [line.strip() for line in lines[node.lineno - 1 : node.end_lineno]]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef)
    }


def _verdicts(mutmut: Path, folder: Path) -> Iterable[tuple[str, str]]:
    listed = subprocess.run(
        [mutmut, "results", "--all", "true"], cwd=folder, capture_output=True, text=True, check=True
    ).stdout
    for line in listed.splitlines():
        name, separator, verdict = line.strip().partition(": ")
        if separator:
            yield name, verdict


def _module_file(sources: Path, module: str) -> Path:
    place = sources / module.replace(".", "/")
    package = place / "__init__.py"
    return package if package.exists() else place.with_suffix(".py")


def _file_of(name: str, folder: Path, package: str) -> str:
    """Find the file of a mutant such as `orders.domain.models.xǁOrderǁplaced__mutmut_1`."""
    sources = folder / "src"
    file = _module_file(sources, name.rpartition(".")[0]).relative_to(sources)
    return f"{package.rpartition('/')[0]}/{file}"
