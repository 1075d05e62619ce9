"""The modules of the libraries: imports go down the layers, form no circle, and folders stay small."""

import ast
import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from .conftest import ROOT

LIBRARIES = ("local_aws", "service_kit", "stagectl", "devtools")
LAYERS = (
    ("local_aws", "service_kit"),
    ("stagectl", "stagectl.errors"),
    ("stagectl.aws", "stagectl.system", "stagectl.terminal"),
    ("stagectl.checkout",),
    ("stagectl.targets",),
    ("stagectl.stacks",),
    ("stagectl.releases",),
    (
        "stagectl.costs",
        "stagectl.deployment",
        "stagectl.invocation",
        "stagectl.permissions",
        "stagectl.preview_life",
    ),
    ("stagectl.execution_policy", "stagectl.recovery", "stagectl.removal"),
    ("stagectl.people", "stagectl.stages"),
    (
        "stagectl.configuration",
        "stagectl.diff",
        "stagectl.readiness",
        "stagectl.tracing",
        "stagectl.watching",
    ),
    ("stagectl.checklist",),
    ("stagectl.commands",),
    ("stagectl.cli",),
    ("stagectl.__main__",),
    ("devtools", "devtools.local_tables", "devtools.mutation", "devtools.snapshot_hooks"),
    ("devtools.contracts",),
    ("devtools.checks",),
    ("devtools.scaffolding", "devtools.testing"),
    ("devtools.commands",),
)
"""Wings from low to high. A module imports its own wing and lower layers, never its neighbours."""

MOST_MODULES = 12
CATALOGUES = {Path("libs/local_aws/local_aws/rules")}
"""Folders of many files alike, which are found by listing the folder."""


def modules() -> dict[str, Path]:
    """Return every module of the libraries by its dotted name."""
    found = {}
    for library in LIBRARIES:
        folder = ROOT / "libs" / library
        for path in (folder / library).rglob("*.py"):
            parts = path.relative_to(folder).with_suffix("").parts
            found[".".join(parts).removesuffix(".__init__")] = path
    return found


def imports(path: Path, known: Mapping[str, Path]) -> Iterator[str]:
    """Yield the modules of the libraries that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module in known:
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield name if name in known else str(node.module)


KNOWN = modules()
IMPORTS = {name: set(imports(path, KNOWN)) - {name} for name, path in KNOWN.items()}
LAYER_OF = {wing: number for number, layer in enumerate(LAYERS) for wing in layer}


def wing_of(module: str) -> str | None:
    """Return the wing that a module stands in; of two that fit, the longer one."""
    library, _, rest = module.partition(".")
    inner = f"{library}.{rest.partition('.')[0]}"
    return next((wing for wing in (inner, library) if wing in LAYER_OF), None)


def test_every_module_has_a_layer() -> None:
    # What stands right in a package above wings of its own would fall into no wing.
    loose = {name for name in IMPORTS if name.startswith("stagectl.") and wing_of(name) == "stagectl"}

    assert sorted(name for name in IMPORTS if wing_of(name) is None) == []
    assert sorted(loose) == []


def test_the_readme_of_stagectl_draws_its_layers() -> None:
    page = (ROOT / "libs" / "stagectl" / "README.md").read_text(encoding="utf-8")
    packages = [
        ", ".join(wing.removeprefix("stagectl.") for wing in layer)
        for layer in reversed(LAYERS)
        if (ROOT / "libs" / "stagectl" / layer[0].replace(".", "/")).is_dir() and layer[0] != "stagectl"
    ]

    assert re.findall(r'\w\["([\w, ]+)"\]', page.rpartition("flowchart TD")[2]) == packages


@pytest.mark.parametrize("library", LIBRARIES)
def test_imports_go_down(library: str) -> None:
    wrong = [
        f"{name} imports {other}"
        for name, others in IMPORTS.items()
        if name.partition(".")[0] == library
        for other in others
        if (own := wing_of(name)) != (wing := wing_of(other))
        and LAYER_OF.get(wing or "", len(LAYERS)) >= LAYER_OF.get(own or "", 0)
    ]

    assert sorted(wrong) == []


@pytest.mark.parametrize("library", LIBRARIES)
def test_no_imports_form_a_circle(library: str) -> None:
    own = {name: others for name, others in IMPORTS.items() if name.partition(".")[0] == library}
    try:
        TopologicalSorter(own).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def test_a_folder_has_at_most_a_dozen_modules() -> None:
    counts: dict[Path, int] = {}
    for path in KNOWN.values():
        folder = path.parent.relative_to(ROOT)
        if path.name != "__init__.py" and folder not in CATALOGUES:
            counts[folder] = counts.get(folder, 0) + 1

    assert {str(folder): count for folder, count in counts.items() if count > MOST_MODULES} == {}


@pytest.fixture(scope="module")
def imports_of_all() -> dict[Path, set[str]]:
    """What every file of the repository imports of the libraries."""
    return {
        path: set(imports(path, KNOWN))
        for folder in ("services", "tests-e2e", "libs")
        for path in (ROOT / folder).rglob("*.py")
        if not {".serverless", "node_modules"} & set(path.parts)
    }


@pytest.mark.parametrize("library", LIBRARIES)
def test_others_import_only_the_faces_of_a_library(
    imports_of_all: dict[Path, set[str]], library: str
) -> None:
    private = {name for name in KNOWN if name.startswith(f"{library}.") and "._" in name}
    private -= {name for name in private if name.endswith("__main__")}
    others = {
        path: found
        for path, found in imports_of_all.items()
        if not path.is_relative_to(ROOT / "libs" / library)
    }

    assert others
    assert [
        f"{path.relative_to(ROOT)} imports {name}"
        for path, found in others.items()
        for name in found & private
    ] == []
