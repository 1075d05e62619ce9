"""What a graph consists of, and how references in a template are followed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_IN_TEXT = re.compile(r"\$\{(\w+)(?:\.\w+)?\}")
_POINTING_TO_A_FUNCTION = {"AWS::Lambda::Alias", "AWS::Lambda::Version"}

Template = Mapping[str, Any]


@dataclass(frozen=True, order=True)
class Node:
    """A thing in a graph.

    Attributes:
        id: Unique in the graph; letters, digits and underscores.
        kind: `service`, `api`, `function`, `table`, `bucket`, `queue`, `topic`, `bus` or `machine`.
        name: For people.
    """

    id: str
    kind: str
    name: str


@dataclass(frozen=True, order=True)
class Edge:
    """An arrow between two nodes.

    Attributes:
        source: Id of the node that it leaves.
        target: Id of the node that it leads to.
        label: Such as a route or an event; may be empty.
        reads: Whether the source only reads the target.
    """

    source: str
    target: str
    label: str = ""
    reads: bool = False


@dataclass(frozen=True)
class Graph:
    """Nodes and arrows, in order."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def resources(template: Template, resource_type: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield id and properties of the resources of a type that exist on every stage."""
    for name, resource in template["Resources"].items():
        if resource["Type"] == resource_type and "Condition" not in resource:
            yield name, resource["Properties"]


def named_in(value: Any) -> Iterator[str]:
    """Yield the logical ids of resources and parameters that a value of a template refers to."""
    if isinstance(value, list):
        for one in value:
            yield from named_in(one)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key == "Ref":
                yield inner
            elif key == "Fn::GetAtt":
                yield inner[0] if isinstance(inner, list) else inner.partition(".")[0]
            elif key == "Fn::Sub":
                yield from _IN_TEXT.findall(inner if isinstance(inner, str) else inner[0])
            else:
                yield from named_in(inner)


def functions_in(template: Template, value: Any) -> Iterator[str]:
    """Yield the logical ids of the functions that a value refers to, also by an alias."""
    for name in named_in(value):
        resource = template["Resources"].get(name, {})
        if resource.get("Type") == "AWS::Lambda::Function":
            yield name
        elif resource.get("Type") in _POINTING_TO_A_FUNCTION:
            yield from functions_in(template, resource["Properties"]["FunctionName"])
