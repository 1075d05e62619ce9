"""The graph of all services: which events and signed requests go from one to another."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from devtools.contracts.catalogue import events
from devtools.contracts.graph.model import Edge, Graph, Node, Template
from devtools.contracts.graph.service import of_service

_Arrow = tuple[str, str, str, bool]


def of_all(root: Path, templates: Mapping[str, Template], stage: str) -> Graph:
    """Return the graph of the services in compiled templates.

    Args:
        root: Root of the checkout, whose services declare the events that they publish.
        templates: The compiled templates, by the names of their stacks.
        stage: The stage that they were compiled for.
    """
    between = sorted({*_events(root, templates), *_requests(templates, stage)})
    names = sorted({end for source, target, *_ in between for end in (source, target)})
    ids = {name: f"service_{re.sub(r'[^a-z]', '_', name)}" for name in names}
    return Graph(
        tuple(Node(ids[name], "service", name) for name in names),
        tuple(Edge(ids[source], ids[target], label, reads) for source, target, label, reads in between),
    )


def _events(root: Path, templates: Mapping[str, Template]) -> Iterator[_Arrow]:
    labels: dict[tuple[str, str], list[str]] = {}
    for event in events.of_bus(root, templates):
        for producer in event["producers"]:
            for consumer in event["consumers"]:
                between = labels.setdefault((producer, consumer["service"]), [])
                if event["name"] not in between:
                    between.append(event["name"])
    for (producer, consumer), names in labels.items():
        yield producer, consumer, ", ".join(sorted(names)), False


def _requests(templates: Mapping[str, Template], stage: str) -> Iterator[_Arrow]:
    for service, template in templates.items():
        for edge in of_service(service, template, stage).edges:
            if edge.target.startswith("service_"):
                yield service, edge.target.removeprefix("service_"), "signed requests", True
