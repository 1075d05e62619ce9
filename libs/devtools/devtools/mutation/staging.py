"""The folder that mutmut works in.

mutmut derives the name of a module from its path below `src`, so each group gets a folder with its package
there. The tests find the rest of the repository around themselves, as in a checkout.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from devtools.mutation.groups import Group

_READ_BY_TESTS = (
    "services",
    "libs",
    "shared-infra",
    "tests-e2e/benchmarks",
    "conftest.py",
    "package.json",
    "README.md",
)
_LINKED = (
    "services",
    "libs",
    "shared-infra",
    "tests-e2e",
    "conftest.py",
    "package.json",
    "README.md",
    "node_modules",
    ".venv",
)
# What pytest exits with.
_TESTS_FAILED = 1
_SOURCE_FOLDERS = ("libs/*", "services/*", "tests-e2e")
_PYTEST_OPTIONS = (
    "--import-mode=importlib --strict-markers "
    "-p no:schemathesis -p no:hypothesispytest -p no:locust -p no:xdist -p no:cacheprovider"
)


def prepare(root: Path, group: Group) -> Path:
    """Make or refresh the folder of a group.

    Of the last run it is kept which mutants a test noticed, as long as their code is unchanged. All others
    are tried again, since the tests may be others by now.

    Args:
        root: The checkout.
        group: What is mutated.
    """
    folder = root / ".bigmouth" / "mutation" / group.name
    sources = folder / "src"
    shutil.rmtree(sources, ignore_errors=True)
    shutil.copytree(
        root / group.package, sources / group.name, ignore=shutil.ignore_patterns("__pycache__", "tests")
    )
    for entry in _LINKED:
        link = folder / entry
        if not link.is_symlink():
            link.symlink_to(root / entry)
    # Tests are copied beside the mutants; mutmut itself never deletes an old one.
    for entry in _READ_BY_TESTS:
        shutil.rmtree(folder / "mutants" / entry, ignore_errors=True)
    # It names tests, and mutmut fails when one of them has another name now.
    (folder / "mutants" / "mutmut-stats.json").unlink(missing_ok=True)
    for results in (folder / "mutants").rglob("*.meta"):
        _keep_noticed(results)
    (folder / "pyproject.toml").write_text(_configuration(root, group), encoding="utf-8")
    return folder


def _keep_noticed(results: Path) -> None:
    content = json.loads(results.read_text(encoding="utf-8"))
    for mutant, exit_code in content["exit_code_by_key"].items():
        if exit_code != _TESTS_FAILED:
            content["exit_code_by_key"][mutant] = None
    results.write_text(json.dumps(content), encoding="utf-8")


def _configuration(root: Path, group: Group) -> str:
    others = [
        str(place)
        for pattern in _SOURCE_FOLDERS
        for place in sorted(root.glob(pattern))
        if place.is_dir() and place != (root / group.package).parent
    ]
    mutmut = {
        "source_paths": [f"src/{group.name}"],
        "only_mutate": [f"src/{group.name}/{pattern}" for pattern in group.mutated],
        "do_not_mutate": [f"src/{group.name}/{pattern}" for pattern in group.not_mutated],
        "also_copy": list(_READ_BY_TESTS),
        "pytest_add_cli_args_test_selection": list(group.tests),
        "use_git_change_detection": False,
    }
    pytest = {
        "addopts": _PYTEST_OPTIONS,
        "pythonpath": ["src", *others],
        "filterwarnings": ["error"],
        "timeout": 120,
    }
    return f"[tool.mutmut]\n{_toml(mutmut)}\n[tool.pytest.ini_options]\n{_toml(pytest)}"


def _toml(table: dict[str, object]) -> str:
    """Write strings, numbers, booleans and lists of strings, which TOML spells like JSON."""
    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in table.items())
