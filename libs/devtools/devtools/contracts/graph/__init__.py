"""Graphs of what compiled templates connect: routes, functions, tables, queues, topics and events."""

from devtools.contracts.graph.drawing import document, mermaid
from devtools.contracts.graph.model import Edge, Graph, Node
from devtools.contracts.graph.page import PAGE, page
from devtools.contracts.graph.service import of_service
from devtools.contracts.graph.services import of_all

__all__ = ["PAGE", "Edge", "Graph", "Node", "document", "mermaid", "of_all", "of_service", "page"]
