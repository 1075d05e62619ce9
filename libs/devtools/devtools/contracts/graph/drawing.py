"""A graph as text: Mermaid for people, a document for programs."""

from dataclasses import asdict
from typing import Any

from devtools.contracts.graph.model import Edge, Graph, Node

_SHAPES = {
    "service": ("[[", "]]"),
    "api": ("([", "])"),
    "function": ("[", "]"),
    "table": ("[(", ")]"),
    "bucket": ("[(", ")]"),
    "queue": ("[/", "/]"),
    "topic": ("{{", "}}"),
    "bus": ("((", "))"),
    "machine": ("[[", "]]"),
}


def mermaid(graph: Graph) -> str:
    """Return a graph as a flow chart for Mermaid; a dotted arrow only reads."""
    lines = ["flowchart LR", *(_node(one) for one in graph.nodes), *(_edge(one) for one in graph.edges)]
    return "\n  ".join(lines) + "\n"


def document(graph: Graph) -> dict[str, Any]:
    """Return a graph as a document for JSON."""
    return asdict(graph)


def _node(node: Node) -> str:
    left, right = _SHAPES[node.kind]
    return f'{node.id}{left}"{node.name}"{right}'


def _edge(edge: Edge) -> str:
    arrow = "-.->" if edge.reads else "-->"
    lines = edge.label.replace(", ", "<br>")
    label = f'|"{lines}"|' if lines else ""
    return f"{edge.source} {arrow}{label} {edge.target}"
