"""Compiles the Python files of a folder, run by the interpreter that the bytecode is for.

    python bytecode.py FOLDER beside|instead

The bytecode is never checked against its source when it is imported (PEP 552): what a package holds does not
change. Paths in it begin with /var/task, where Lambda unpacks, and it has no docstrings. `beside` puts it
into `__pycache__` as usual, `instead` puts it in the source's place.
"""

import ast
import importlib.util
import marshal
import sys
from pathlib import Path

LAMBDA_FOLDER = "/var/task"
UNCHECKED_HASH = (0b01).to_bytes(4, "little")


def compile_file(source: Path, name: str, *, keep_source: bool) -> None:
    """Write a file's bytecode; a file that is not Python of this version stays as it is."""
    content = source.read_bytes()
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError):
        return
    drop_docstrings(tree)
    code = compile(tree, f"{LAMBDA_FOLDER}/{name}", "exec", dont_inherit=True, optimize=0)
    header = importlib.util.MAGIC_NUMBER + UNCHECKED_HASH + importlib.util.source_hash(content)
    bytecode = header + marshal.dumps(code)
    if keep_source:
        target = Path(importlib.util.cache_from_source(str(source)))
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(bytecode)
    else:
        source.with_suffix(".pyc").write_bytes(bytecode)
        source.unlink()


def drop_docstrings(tree: ast.Module) -> None:
    """Leave out all docstrings; a class keeps a trace, since `dataclasses` makes one up for those without."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(body=[ast.Expr(value=ast.Constant(value=str()) as text), *_]):
                text.value = "-"
            case (
                ast.Module(body=[ast.Expr(value=ast.Constant(value=str())) as first, *others])
                | ast.FunctionDef(body=[ast.Expr(value=ast.Constant(value=str())) as first, *others])
                | ast.AsyncFunctionDef(body=[ast.Expr(value=ast.Constant(value=str())) as first, *others])
            ):
                node.body = others or [ast.copy_location(ast.Pass(), first)]


def main() -> None:
    """Compile what the command line says."""
    root, placement = Path(sys.argv[1]), sys.argv[2]
    for source in sorted(root.rglob("*.py")):
        compile_file(source, source.relative_to(root).as_posix(), keep_source=placement == "beside")


if __name__ == "__main__":
    main()
