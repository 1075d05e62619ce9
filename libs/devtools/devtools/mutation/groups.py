"""What is mutated, and which tests must detect it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Commands that delete or overwrite, and checks that let a deployment or a permission pass.
_DESTRUCTIVE_MODULES = (
    "buckets",
    "dead_letters",
    "deletion_protection",
    "iam_diff",
    "iam_statements",
    "leftovers",
    "newer_commits",
    "outside_text",
    "provenance",
    "reap",
    "redrive",
    "remove",
    "replay",
    "stage_secrets",
    "stage_stacks",
)
# The modules above are tested under these names; the other tests of the package would take minutes.
_DESTRUCTIVE_TESTS = (
    *_DESTRUCTIVE_MODULES,
    "message_content",
    "peek",
    "preview_branches",
    "purge",
    "stack_reader",
    "stack_states",
)


@dataclass(frozen=True)
class Group:
    """Code that is mutated together, because the same tests guard it.

    Attributes:
        package: Folder of the package, from the repository's root.
        mutated: Files of the package to mutate, as patterns relative to it.
        tests: Files and folders of its tests, from the repository's root.
        not_mutated: Files among those that the patterns match, which the tests run in processes of their own,
            where mutmut cannot follow.
    """

    package: str
    mutated: tuple[str, ...]
    tests: tuple[str, ...]
    not_mutated: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name of the package, which the command line takes."""
        return Path(self.package).name


_KIT_TESTS = "libs/service_kit/tests"
_STAGECTL = "libs/stagectl/stagectl"
_STAGECTL_TESTS = "libs/stagectl/tests"


def find(root: Path) -> list[Group]:
    """Return the groups of a checkout: one for each service that has code, the kit, and stagectl."""
    services = sorted(folder.parent.parent.name for folder in root.glob("services/*/*/domain"))
    return [
        *(
            Group(f"services/{name}/{name}", ("domain/*.py", "adapters/*.py"), (f"services/{name}/tests",))
            for name in services
        ),
        Group(
            "libs/service_kit/service_kit",
            ("*.py",),
            (_KIT_TESTS,),
            not_mutated=("testing/*.py",),
        ),
        Group(
            _STAGECTL,
            tuple(_in_wings(root / _STAGECTL, "{}.py", _DESTRUCTIVE_MODULES)),
            tuple(
                f"{_STAGECTL_TESTS}/{file}"
                for file in _in_wings(root / _STAGECTL_TESTS, "test_{}.py", _DESTRUCTIVE_TESTS)
            ),
        ),
    ]


def _in_wings(folder: Path, form: str, modules: Iterable[str]) -> Iterator[str]:
    """Yield the files of some modules, one folder below another, relative to it."""
    for module in modules:
        yield from (str(path.relative_to(folder)) for path in folder.glob(f"*/{form.format(module)}"))
