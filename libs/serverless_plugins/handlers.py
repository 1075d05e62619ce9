"""Finds the functions of a service that would fail before their first event.

Reads from standard input what the plugin `artifact` knows of a service:

    {"package": "orders", "functions": {"place": {"handler": "orders.handlers.x.handle", "environment": {}}}}

and prints a line for each fault, with file and line. It compiles every source, and then imports each handler
with its function's environment. Runs in the service's folder; ends with 1 when there is a fault.
"""

import importlib
import json
import os
import sys
import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SERVICE_KIT = ROOT / "libs" / "service_kit"
# What Lambda sets itself and code may read while it is imported.
LAMBDA = {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"}


def sources_of(package: str) -> Iterator[Path]:
    """Yield the sources of a service and of the shared library."""
    for folder in (Path(package), SERVICE_KIT / "service_kit"):
        yield from sorted(folder.rglob("*.py"))


def syntax_faults(sources: Iterable[Path]) -> Iterator[str]:
    """Yield the faults of sources that Python cannot compile."""
    for source in sources:
        try:
            compile(source.read_bytes(), str(source), "exec", dont_inherit=True)
        except SyntaxError as error:
            yield f"{shown(source)}:{error.lineno or 1}: {error.msg}"
        except ValueError as error:
            yield f"{shown(source)}:1: {error}"


def import_faults(functions: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Yield the faults of handlers that cannot be imported, or are not there, each with its functions."""
    found: dict[str, list[str]] = {}
    for name, fault in faults_of_functions(functions):
        found.setdefault(fault, []).append(name)
    for fault, names in found.items():
        yield f"{fault} ({'function' if len(names) == 1 else 'functions'} {', '.join(names)})"


def faults_of_functions(functions: dict[str, dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield functions whose handler cannot be imported, or is not there, and why."""
    outside = dict(os.environ)
    for name, function in functions.items():
        module, _, attribute = function["handler"].rpartition(".")
        # A value that only the deployment knows, such as a table's name, is an expression here.
        given = {
            key: value if isinstance(value, str) else json.dumps(value)
            for key, value in function["environment"].items()
        }
        os.environ.clear()
        os.environ.update({**outside, **LAMBDA, **given})
        try:
            imported = importlib.import_module(module)
        except Exception as error:  # noqa: BLE001, whatever a module raises keeps its function from starting
            yield name, f"{place_of(error)}: {type(error).__name__}: {error}"
            continue
        if not callable(getattr(imported, attribute, None)):
            place = shown(Path(imported.__file__ or module))
            yield name, f"{place}:1: has no function {attribute}"


def place_of(error: Exception) -> str:
    """Return the file and line of our own code that an import failed at."""
    ours = [str(Path.cwd()), str(SERVICE_KIT)]
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if any(frame.filename.startswith(folder) for folder in ours)
    ]
    if not frames:
        return shown(Path("serverless.yml"))
    return f"{shown(Path(frames[-1].filename))}:{frames[-1].lineno}"


def shown(path: Path) -> str:
    """Return a path relative to the checkout."""
    return os.path.relpath(path.absolute(), ROOT)


def main() -> int:
    """Check what standard input describes."""
    service = json.load(sys.stdin)
    sys.path[:0] = [str(Path.cwd()), str(SERVICE_KIT)]
    faults = list(syntax_faults(sources_of(service["package"]))) or list(import_faults(service["functions"]))
    for fault in dict.fromkeys(faults):
        print(fault)  # noqa: T201, for the plugin
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
