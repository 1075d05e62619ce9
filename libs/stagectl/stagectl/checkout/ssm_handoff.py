"""What a template reads from SSM at deployment, and what it writes there: the hand-off between stacks."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stagectl.checkout.yaml_loader import load

_PRODUCER = re.compile(r"/([A-Za-z0-9][A-Za-z0-9_.-]*)/")
_DYNAMIC_REFERENCE = re.compile(r"\{\{resolve:ssm(?:-secure)?:([^:}]+)")
_PARAMETER_TYPE = "AWS::SSM::Parameter::Value<"
_OWN_PARAMETER = "AWS::SSM::Parameter"


def producers_read_by(template: Path) -> frozenset[str]:
    """Return the producers whose parameters a template reads when it is deployed.

    Both ways of reading count: `{{resolve:ssm:/producer/…}}` anywhere in a value, and a template parameter
    of a type `AWS::SSM::Parameter::Value<…>` whose default is `/producer/…`.
    """
    return producers_read_in(load(template))


def producers_read_in(document: Any) -> frozenset[str]:
    """Return the producers whose parameters the document of a template reads when it is deployed."""
    matches = map(_PRODUCER.match, parameters_read_in(document))
    return frozenset(match[1] for match in matches if match)


def parameters_read_in(document: Any) -> Iterator[str]:
    """Yield the names of the SSM parameters that the document of a template reads when it is deployed."""
    for value in values(document):
        if isinstance(value, str):
            yield from _DYNAMIC_REFERENCE.findall(value)
        elif str(value.get("Type", "")).startswith(_PARAMETER_TYPE):
            yield str(value.get("Default", ""))


def publishes(template: Path, name: str) -> bool:
    """Return whether a template writes an SSM parameter whose path ends in a name."""
    return any(
        isinstance(value, dict)
        and value.get("Type") == _OWN_PARAMETER
        and str((value.get("Properties") or {}).get("Name", "")).endswith(f"/{name}")
        for value in values(load(template))
    )


def values(node: Any) -> Iterator[str | dict[str, Any]]:
    """Yield all strings and mappings of a document."""
    if isinstance(node, dict):
        yield node
        for child in node.values():
            yield from values(child)
    elif isinstance(node, list):
        for child in node:
            yield from values(child)
    elif isinstance(node, str):
        yield node
