"""The permissions that CloudFormation needs for each resource type, as AWS publishes them in its schema.

cfn-lint carries all schemas. They are read from its data files: to load them through cfn-lint takes seconds.
"""

import importlib.util
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from stagectl.errors import StagectlError

_REGION = "us-east-1"
_READING = ("read", "list")


def permissions(resource_type: str) -> frozenset[str]:
    """Return the IAM actions that the handlers of a type may need, and those for its tags.

    What a schema names and IAM does not know is left out: some name calls in place of actions.

    Raises:
        StagectlError: cfn-lint knows no such type, or no permissions of it.
    """
    schema = _schema(resource_type)
    needed = _of_handlers(schema, schema.get("handlers", {}))
    if not needed:
        raise StagectlError(f"The schema of {resource_type} names no permissions.")
    return needed | _known(schema.get("tagging", {}).get("permissions", []))


def reading_permissions(resource_type: str) -> frozenset[str]:
    """Return the IAM actions of reading and listing: without them a resource cannot be made either."""
    return _of_handlers(_schema(resource_type), _READING)


def _of_handlers(schema: dict[str, Any], names: Iterable[str]) -> frozenset[str]:
    handlers = schema.get("handlers", {})
    return _known(action for name in names for action in handlers.get(name, {}).get("permissions", []))


def _known(actions: Iterable[str]) -> frozenset[str]:
    return frozenset(action for action in actions if _about(action) is not None)


def unchangeable_properties(resource_type: str) -> frozenset[str]:
    """Return the properties whose change makes CloudFormation replace a resource; none for unknown types.

    Each is a path such as `TableName` or `Endpoint/Port`.
    """
    if resource_type not in _index():
        return frozenset()
    schema = _schema(resource_type)
    paths = [*schema.get("createOnlyProperties", ()), *schema.get("conditionalCreateOnlyProperties", ())]
    return frozenset(path.removeprefix("/properties/") for path in paths)


def names_resources(action: str) -> bool:
    """Return whether an action can be granted on some resources only, rather than on all or none."""
    return bool((_about(action) or {}).get("Resources"))


def _about(action: str) -> dict[str, Any] | None:
    """Return what IAM says of an action, None when it does not know it."""
    namespace, _, name = action.lower().partition(":")
    about: dict[str, Any] | None = _actions().get(namespace, {}).get("Actions", {}).get(name)
    return about


def _schema(resource_type: str) -> dict[str, Any]:
    file = _index().get(resource_type)
    if file is None:
        raise StagectlError(f"cfn-lint has no schema of {resource_type}")
    schema: dict[str, Any] = json.loads((_folder() / "resources" / f"{file}.json").read_text("utf-8"))
    return schema


@cache
def _index() -> dict[str, str]:
    index: dict[str, str] = json.loads((_folder() / "providers" / f"{_REGION}.json").read_text("utf-8"))
    return index


@cache
def _actions() -> dict[str, Any]:
    actions: dict[str, Any] = json.loads((_data() / "AdditionalSpecs" / "Policies.json").read_text("utf-8"))
    return actions


def _folder() -> Path:
    return _data() / "schemas"


def _data() -> Path:
    found = importlib.util.find_spec("cfnlint")
    if found is None or found.origin is None:
        raise StagectlError("cfn-lint is not installed. Run `npm run setup`.")
    return Path(found.origin).parent / "data"
