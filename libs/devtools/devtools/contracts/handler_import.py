"""Import handlers as Lambda does, to read their contracts."""

import importlib
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

_OWN_VALUE = re.compile(r"\$\{self:([^}]+)\}")


def handler_of(document: Mapping[str, Any], key: str) -> Any:
    """Import a function's handler and return it.

    Args:
        document: The service's serverless.yml.
        key: The function's key in it.
    """
    module, _, name = document["functions"][key]["handler"].rpartition(".")
    return getattr(importlib.import_module(module), name)


@contextmanager
def environment_of(document: Mapping[str, Any], key: str) -> Iterator[None]:
    """Have the variables that serverless.yml gives a function for a block: its documents may name a limit.

    What only a deployment knows, such as a table's name, does not show in a contract; its own expression
    stands in for it.

    Args:
        document: The service's serverless.yml.
        key: The function's key in it.
    """
    from service_kit.settings import clear_settings  # noqa: PLC0415 - only this command needs the services' library

    before = dict(os.environ)
    variables = document["functions"][key].get("environment") or {}
    given = {name: _resolved(document, str(value)) for name, value in variables.items()}
    os.environ.update(
        {
            "POWERTOOLS_SERVICE_NAME": document["service"],
            "STAGE": "generated",
            "AWS_REGION": "us-east-1",
            **given,
        }
    )
    clear_settings()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        clear_settings()


def _resolved(document: Mapping[str, Any], value: str) -> str:
    match = _OWN_VALUE.fullmatch(value)
    if match is None:
        return value
    node: Any = document
    for part in match.group(1).split("."):
        node = node.get(part) if isinstance(node, Mapping) else None
    return value if node is None else str(node)
