"""Handlers as Lambda would import them, for what they say of themselves."""

import importlib
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from stagectl.checkout.services import package_of

_OWN_VALUE = re.compile(r"\$\{self:([^}]+)\}")


def handler_of(document: Mapping[str, Any], key: str) -> Any:
    """Import a function's handler with the variables that serverless.yml gives it, and give it.

    What only a deployment knows, such as a table's name, does not show in a contract; its own expression
    stands in for it.

    Args:
        document: The service's serverless.yml.
        key: The function's key in it.
    """
    function = document["functions"][key]
    module, _, name = function["handler"].rpartition(".")
    with _environment(document, function):
        return getattr(importlib.import_module(module), name)


@contextmanager
def _environment(document: Mapping[str, Any], function: Mapping[str, Any]) -> Iterator[None]:
    from service_kit.settings import clear_settings  # noqa: PLC0415 - only this command needs the services' library

    before = dict(os.environ)
    given = {
        name: _resolved(document, str(value)) for name, value in (function.get("environment") or {}).items()
    }
    os.environ.update(
        {"SERVICE_NAME": document["service"], "STAGE": "generated", "AWS_REGION": "us-east-1", **given}
    )
    clear_settings()
    # Handlers are imported anew, since some read limits from their environment while being imported. Who has
    # imported them before goes on with those modules, also when importing more of them.
    others = _take_modules(package_of(document["service"]))
    try:
        yield
    finally:
        _take_modules(package_of(document["service"]))
        sys.modules.update(others)
        os.environ.clear()
        os.environ.update(before)
        clear_settings()


def _take_modules(package: str) -> dict[str, ModuleType]:
    names = [name for name in sys.modules if name.split(".")[0] == package]
    return {name: sys.modules.pop(name) for name in names}


def _resolved(document: Mapping[str, Any], value: str) -> str:
    match = _OWN_VALUE.fullmatch(value)
    if match is None:
        return value
    node: Any = document
    for part in match.group(1).split("."):
        node = node.get(part) if isinstance(node, Mapping) else None
    return value if node is None else str(node)
