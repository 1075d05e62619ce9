"""Regular expressions that were compiled before: `re` compiles in Python, which is a tenth of a cold start.

`patterns/cpython_311.json` and its like hold, for one version of Python, what its own compiler made of the
expressions that the libraries of the cold start have. They are generated, and a test compares them with what
the compiler makes now:

    PYTHONPATH=tests-e2e .venv/bin/python -m benchmarks.cold_start.patterns
"""

from __future__ import annotations

import json
import os.path
import sys
from array import array
from importlib import import_module
from typing import Any

__all__ = ["install", "stored_patterns"]

# Without pathlib, which would compile an expression of its own before it could be found here.
PATTERNS = os.path.join(os.path.dirname(__file__), "patterns")  # noqa: PTH118, PTH120

Key = tuple[str | bytes, int]
"""An expression and its flags."""

Stored = tuple[int, str, int, dict[str, int], list[str | None]]
"""Final flags, code as words in hexadecimal, number of groups, and their names in both directions."""


def install() -> bool:
    """Let `re` take what was compiled before, and compile everything else as ever.

    Returns:
        False, and nothing is changed, when there is nothing for this version of Python.
    """
    patterns = stored_patterns()
    if patterns is None:
        return False
    compiler, engine = _compiler_and_engine()
    compile_anew = compiler.compile

    def compile_once(pattern: Any, flags: int = 0) -> Any:
        known = patterns.get((pattern, int(flags))) if isinstance(pattern, str | bytes) else None
        if known is None:
            return compile_anew(pattern, flags)
        return engine.compile(pattern, *engine_arguments(known))

    compiler.compile = compile_once
    return True


def stored_patterns() -> dict[Key, Stored] | None:
    """Return what was compiled for this version of Python; None when nothing was."""
    file = f"{PATTERNS}/{sys.implementation.name}_{sys.version_info[0]}{sys.version_info[1]}.json"
    try:
        with open(file, "rb") as opened:  # noqa: PTH123
            stored = json.load(opened)
    except FileNotFoundError:
        return None
    if stored["magic"] != _compiler_and_engine()[1].MAGIC or stored["byteorder"] != sys.byteorder:
        return None
    return {
        (text.encode("latin-1") if kind == "bytes" else text, flags): tuple(compiled)
        for kind, text, flags, *compiled in stored["patterns"]
    }


def engine_arguments(stored: Stored) -> tuple[int, list[int], int, dict[str, int], tuple[str | None, ...]]:
    """Return what the engine is given besides the expression."""
    flags, code, groups, index, names = stored
    return flags, array("I", bytes.fromhex(code)).tolist(), groups, index, tuple(names)


def _compiler_and_engine() -> tuple[Any, Any]:
    """Return what `re` compiles with: no public names, hence the version of the code that is compared."""
    return import_module("re._compiler"), import_module("_sre")
