"""What became of each mutant, by file."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

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
        before: The line as it is.
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
        elif known and (file, *change(mutmut, folder, name)) in known:
            score.equivalent += 1
        else:
            score.missed.append(name)
    return scores


def change(mutmut: Path, folder: Path, name: str) -> tuple[str, str]:
    """Return the line that a mutant changes, as it is and as it was mutated."""
    diff = subprocess.run(
        [mutmut, "show", name], cwd=folder, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    removed = [line[1:].strip() for line in diff if line.startswith("-") and not line.startswith("---")]
    added = [line[1:].strip() for line in diff if line.startswith("+") and not line.startswith("+++")]
    return " ".join(removed), " ".join(added)


def _verdicts(mutmut: Path, folder: Path) -> Iterable[tuple[str, str]]:
    listed = subprocess.run(
        [mutmut, "results", "--all", "true"], cwd=folder, capture_output=True, text=True, check=True
    ).stdout
    for line in listed.splitlines():
        name, separator, verdict = line.strip().partition(": ")
        if separator:
            yield name, verdict


def _file_of(name: str, folder: Path, package: str) -> str:
    """Find the file of a mutant such as `orders.domain.models.xǁOrderǁplaced__mutmut_1`."""
    module = name.rpartition(".")[0].split(".")
    inside = "/".join(module[1:])
    is_package = (folder / "src" / module[0] / inside / "__init__.py").exists()
    return f"{package}/{inside}/__init__.py" if is_package else f"{package}/{inside}.py"
