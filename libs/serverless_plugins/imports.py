"""Lists what Python files import, wherever in the file it stands.

    python imports.py ROOT FOLDER [ROOT FOLDER …]

prints a JSON object: for each Python file and extension module below ROOT/FOLDER, by its path from ROOT, the
names that it imports as `[line, name, is_certain, is_later]`. What a `from` import takes out of a module may
be a module or not, which is not certain; what a function imports comes later. Imports for type
checkers and of the standard library are left out.
"""

import ast
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

Import = tuple[int, str, bool, bool]


def imports_in(root: Path, folder: Path) -> Iterator[tuple[str, list[Import]]]:
    """Yield the modules below a folder with what they import."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.suffix == ".so":
            yield name, []
        elif path.suffix == ".py":
            try:
                tree = ast.parse(path.read_bytes())
            except (SyntaxError, ValueError):
                continue  # not Python of this version, so nothing imports it
            package = path.parent.relative_to(root).as_posix().replace("/", ".")
            yield name, [found for found in imports_of(tree, package) if not is_standard(found[1])]


def imports_of(tree: ast.Module, package: str) -> Iterator[Import]:
    """Yield what a module imports, in its functions too."""
    for node, is_later in walk(tree.body):
        match node:
            case ast.Import(names=names, lineno=line):
                yield from ((line, alias.name, True, is_later) for alias in names)
            case ast.ImportFrom(module=module, names=names, level=level, lineno=line):
                above = package.split(".")[: len(package.split(".")) - level + 1] if level else []
                base = ".".join([*above, *([module] if module else [])])
                yield line, base, True, is_later
                yield from ((line, f"{base}.{alias.name}", False, is_later) for alias in names)
    if any(isinstance(node, ast.FunctionDef) and node.name == "__getattr__" for node in tree.body):
        # It imports when an attribute is asked for, by names that stand in a table.
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.lineno, f"{package}.{node.value.lstrip('.')}", False, True


def walk(nodes: Iterable[ast.AST], *, is_later: bool = False) -> Iterator[tuple[ast.AST, bool]]:
    """Yield nodes and whether they are in a function, without what only type checkers read."""
    for node in nodes:
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            yield from walk(node.orelse, is_later=is_later)
        else:
            yield node, is_later
            inside = is_later or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from walk(ast.iter_child_nodes(node), is_later=inside)


def is_standard(name: str) -> bool:
    """Return whether a module is one of Python's own."""
    return name.partition(".")[0] in sys.stdlib_module_names


def main() -> None:
    """Print what the command line asks for."""
    found: dict[str, list[Import]] = {}
    for root, folder in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
        found |= imports_in(Path(root), Path(root, folder))
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
