"""The differences of two compiled templates of one stack."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from stagectl.execution_policy import schemas

_SNAPSHOT = re.compile(r"ApiGatewayDeployment(?:[0-9a-f]{16}|[0-9]+)")
_UPLOAD = ("Code", "S3Key")
_ABSENT = None


class Change(StrEnum):
    """What happens to a resource."""

    ADDED = "added"
    REMOVED = "removed"
    REPLACED = "replaced"
    CHANGED = "changed"


@dataclass(frozen=True)
class PropertyChange:
    """A property, by its path below the resource, with both values; None where there is none."""

    path: str
    before: Any
    after: Any


@dataclass(frozen=True)
class ResourceChange:
    """What happens to one resource.

    Attributes:
        logical_id: Its id in the template.
        type: Its type, such as `AWS::SQS::Queue`.
        change: What happens to it.
        properties: What changes of it; empty when it is added or removed.
        replaced_for: Paths of the changes for which CloudFormation replaces the resource.
    """

    logical_id: str
    type: str
    change: Change
    properties: tuple[PropertyChange, ...] = ()
    replaced_for: tuple[str, ...] = ()


@dataclass(frozen=True)
class TemplateDiff:
    """What is different between two templates: resources, when they are made, what they take and tell."""

    resources: tuple[ResourceChange, ...] = ()
    parameters: tuple[PropertyChange, ...] = field(default=())
    outputs: tuple[PropertyChange, ...] = ()
    conditions: tuple[PropertyChange, ...] = ()


def normalised(template: Mapping[str, Any]) -> dict[str, Any]:
    """Return a template without what differs between two compilations of the same sources.

    That is where packages were uploaded to, which is named after the time, and the name of the API's
    deployment, which is made from the API itself and so says nothing that the API does not.
    """
    document: dict[str, Any] = json.loads(_SNAPSHOT.sub("ApiGatewayDeployment", json.dumps(template)))
    for resource in document.get("Resources", {}).values():
        _drop(resource.get("Properties", {}), _UPLOAD)
        if isinstance(resource.get("DependsOn"), list):
            resource["DependsOn"].sort()
    return document


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> TemplateDiff:
    """Return what is different after a change of templates; both are normalised."""
    old, new = before.get("Resources", {}), after.get("Resources", {})
    resources = [
        change
        for logical_id in sorted(old.keys() | new.keys())
        if (change := _resource(logical_id, old.get(logical_id), new.get(logical_id)))
    ]
    return TemplateDiff(
        tuple(sorted(resources, key=lambda one: (one.type, one.logical_id))),
        tuple(differences(before.get("Parameters", {}), after.get("Parameters", {}))),
        tuple(differences(before.get("Outputs", {}), after.get("Outputs", {}))),
        tuple(differences(before.get("Conditions", {}), after.get("Conditions", {}))),
    )


def differences(before: Any, after: Any, path: str = "") -> Iterator[PropertyChange]:
    """Yield the paths, the shortest that say it, at which two documents differ.

    Lists of different lengths differ as a whole, since their elements cannot be matched.
    """
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | after.keys()):
            yield from differences(before.get(key, _ABSENT), after.get(key, _ABSENT), _join(path, key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from differences(old, new, _join(path, str(index)))
    elif before != after:
        yield PropertyChange(path, before, after)


def _resource(
    logical_id: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> ResourceChange | None:
    if before is None or after is None:
        found = after or before or {}
        return ResourceChange(logical_id, found["Type"], Change.REMOVED if after is None else Change.ADDED)
    if before["Type"] != after["Type"]:
        changed = (PropertyChange("Type", before["Type"], after["Type"]),)
        return ResourceChange(logical_id, after["Type"], Change.REPLACED, changed, ("Type",))
    properties = differences(before.get("Properties", {}), after.get("Properties", {}))
    attributes = differences(_without_properties(before), _without_properties(after))
    changes = (*properties, *attributes)
    if not changes:
        return None
    fixed = schemas.unchangeable_properties(after["Type"])
    replaced_for = tuple(change.path for change in changes if _is_below(change.path, fixed))
    kind = Change.REPLACED if replaced_for else Change.CHANGED
    return ResourceChange(logical_id, after["Type"], kind, changes, replaced_for)


def _is_below(path: str, others: frozenset[str]) -> bool:
    """Return whether a path is one of some paths, below one, or holds one."""
    return any(f"{path}/".startswith(f"{other}/") or other.startswith(f"{path}/") for other in others)


def _without_properties(resource: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in resource.items() if key not in {"Properties", "Type"}}


def _drop(node: Any, path: tuple[str, ...]) -> None:
    *parents, last = path
    for key in parents:
        node = node.get(key, {}) if isinstance(node, dict) else {}
    if isinstance(node, dict):
        node.pop(last, None)


def _join(path: str, key: str) -> str:
    return f"{path}/{key}" if path else key
