"""Cheaper cold starts: what a process can do without until it has given its first answer.

Every service's `handlers/__init__.py` calls `begin` before anything else is imported; the first invocation
ends with `finish`. Outside of Lambda both do nothing. `SERVICE_KIT_LEAN_OFF` switches tricks off, by their
names with commas between, or by `all`.

Figures are CPU time of the process, Python 3.11 on x86-64, with the trick and without; measure again with
`python -m benchmarks.cold_start --tricks`. A bare handler takes 35 ms.
"""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

__all__ = ["begin", "finish", "is_off", "is_on"]

_state = {"begun": False}


def is_on(trick: str) -> bool:
    """Tell whether a trick for Lambda's own environment is to be used: there, unless it is switched off."""
    return "AWS_LAMBDA_FUNCTION_NAME" in os.environ and not is_off(trick)


def is_off(trick: str) -> bool:
    """Tell whether a trick is switched off by name, or all are."""
    off = os.environ.get("SERVICE_KIT_LEAN_OFF", "").replace(" ", "").split(",")
    return trick in off or "all" in off


def begin() -> None:
    """Use every trick that is on; once per process."""
    if _state["begun"]:
        return
    _state["begun"] = True
    for name, trick in TRICKS.items():
        if is_on(name):
            trick()


def finish() -> None:
    """End what `begin` began: the collector works again, without looking at what there is by now."""
    if not _state["begun"]:
        return
    _state["begun"] = False
    _forget_transfer_manager()
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def pause_collector() -> None:
    """Let the garbage collector rest until the first answer, and never look at what exists by then: 25 ms.

    Nearly all that is made meanwhile (modules, classes, clients) stays for as long as the process.
    """
    gc.disable()


def take_compiled_patterns() -> None:
    """Take the libraries' regular expressions compiled as they are, instead of compiling a hundred: 22 ms."""
    from service_kit.compiled_patterns import install  # noqa: PLC0415, a trick of its own

    install()


def defer_package_metadata() -> None:
    """Load `importlib.metadata`, with the e-mail and zip libraries, when somebody asks for a version: 9 ms.

    urllib3 imports it for HTTP/2, and pydantic to look for plugins, of which a Lambda has none.
    """
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    stand_in = _stand_in("importlib.metadata")
    if stand_in is None:
        return
    for name in ("version", "entry_points"):
        setattr(stand_in, name, _deferred(stand_in, name))


def defer_parsers() -> None:
    """Load the parsers of JMESPath and of configuration files when there is something to parse: 6 ms.

    The first is for paginators and waiters, the second for profiles.
    """
    for name in ("jmespath", "configparser"):
        _stand_in(name)


def skip_schema_types() -> None:
    """Import pydantic's core without building a hundred typed dictionaries for type checkers: 7 ms."""
    if "pydantic_core" in sys.modules:
        return
    import typing_extensions  # noqa: PLC0415, pydantic's own, not needed without it

    whole = typing_extensions.TypedDict
    typing_extensions.TypedDict = _UncheckedDict  # type: ignore[assignment]  # for this one import
    try:
        import_module("pydantic_core.core_schema")
    finally:
        typing_extensions.TypedDict = whole


def skip_docstrings() -> None:
    """Make clients without the docstrings that `help()` would show, and without what renders them: 8 ms."""
    if _stand_in("botocore.docs") is None:
        return
    docstrings = _stand_in("botocore.docs.docstring")
    for name in ("ClientMethodDocstring", "PaginatorDocstring", "WaiterDocstring"):
        setattr(docstrings, name, _NoDocstring)


def skip_boto3_front() -> None:
    """Import parts of boto3 without its sessions, resources, and the S3 transfer manager: 17 ms.

    What remains is what the kit uses of it: DynamoDB's conditions and types (`boto3.dynamodb`). Whoever asks
    boto3 for more, as Powertools' idempotency does, gets all of it.
    """
    if _stand_in("boto3") is None:
        return
    _stand_in("boto3.docs")
    _stand_in("s3transfer")
    manager = _stand_in("s3transfer.manager")
    # Only looked at, by `boto3.compat`.
    setattr(manager, "TransferConfig", type("TransferConfig", (), {}))  # noqa: B010, a module has no such attribute


TRICKS: dict[str, Callable[[], None]] = {
    "pause_collector": pause_collector,
    "take_compiled_patterns": take_compiled_patterns,
    "defer_package_metadata": defer_package_metadata,
    "defer_parsers": defer_parsers,
    "skip_schema_types": skip_schema_types,
    "skip_docstrings": skip_docstrings,
    "skip_boto3_front": skip_boto3_front,
}
"""What `begin` does, by the names that `SERVICE_KIT_LEAN_OFF` knows."""


class _UncheckedDict(dict[str, Any]):
    """A dictionary type that takes the options of a typed one and does nothing about them."""

    def __init_subclass__(cls, *, total: bool = True) -> None:
        super().__init_subclass__()


class _NoDocstring(str):
    """An empty text, whatever it could have been made from."""

    __slots__ = ()

    def __new__(cls, *_: Any, **__: Any) -> Self:
        return super().__new__(cls)


class _StandIn(ModuleType):
    """A module that was found, but is not run before somebody asks it for what it has not.

    Python's own `LazyLoader` would run it for everything, also for where the modules beneath it are.
    """

    def __getattr__(self, name: str) -> Any:
        # Tools that look at all modules ask each for names like these.
        if name.startswith("__") and name != "__version__":
            raise AttributeError(name)
        _run(self)
        return getattr(self, name)


def _stand_in(name: str) -> ModuleType | None:
    """Put a stand-in where a module will be looked for; None when it is there already, or nowhere at all."""
    parent = sys.modules.get(name.rpartition(".")[0])
    path = parent.__path__ if parent else _package_path(name.rpartition(".")[0])
    spec = None if name in sys.modules else PathFinder.find_spec(name, path)
    if spec is None:
        return None
    module = sys.modules[name] = module_from_spec(spec)
    module.__class__ = _StandIn
    return module


def _package_path(name: str) -> list[str] | None:
    """Find where a package's modules are without running it."""
    spec = PathFinder.find_spec(name) if name else None
    return None if spec is None else spec.submodule_search_locations


def _run(module: ModuleType) -> None:
    """Make of a stand-in what it stands for, in place: what was imported from beneath it stays."""
    module.__class__ = ModuleType
    if module.__name__ == "boto3":
        _forget_transfer_manager()
    spec = module.__spec__
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(module)


def _deferred(stand_in: ModuleType, name: str) -> Callable[..., Any]:
    def call(*arguments: Any, **keywords: Any) -> Any:
        if isinstance(stand_in, _StandIn):
            _run(stand_in)
        return getattr(stand_in, name)(*arguments, **keywords)

    return call


def _forget_transfer_manager() -> None:
    """Let the transfer manager be imported, and with it what has asked its stand-in what it can do."""
    if isinstance(sys.modules.get("s3transfer.manager"), _StandIn):
        for name in ("s3transfer.manager", "s3transfer", "boto3.compat"):
            sys.modules.pop(name, None)
