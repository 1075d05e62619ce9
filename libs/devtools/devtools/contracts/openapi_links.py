"""Links of an OpenAPI document: which operation can use the answer of another.

They are derived. An operation whose path needs `orderId` is linked from each successful answer that has an
`orderId`, so a name in a path must mean the same as in answers.
"""

from collections.abc import Mapping
from typing import Any


def add_links(paths: Mapping[str, Mapping[str, Any]], schemas: Mapping[str, Any]) -> None:
    """Add the links to the operations of a service, in place.

    Args:
        paths: Its operations by path and method.
        schemas: Its schemas by name.
    """
    operations = [operation for methods in paths.values() for operation in methods.values()]
    for operation in operations:
        for status, answer in operation["responses"].items():
            if not status.startswith("2"):
                continue
            told = _told(answer, schemas)
            links = {
                other["operationId"]: _link(other["operationId"], needed)
                for other in operations
                if other is not operation and (needed := _needed(other)) and needed <= told
            }
            if links:
                answer["links"] = links


def _told(answer: Mapping[str, Any], schemas: Mapping[str, Any]) -> set[str]:
    schema = (answer.get("content") or {}).get("application/json", {}).get("schema", {})
    name = schema.get("$ref", "").rpartition("/")[2]
    return set(schemas.get(name, {}).get("properties", {}))


def _needed(operation: Mapping[str, Any]) -> set[str]:
    return {one["name"] for one in operation.get("parameters", []) if one["in"] == "path"}


def _link(operation_id: str, names: set[str]) -> dict[str, Any]:
    parameters = {name: f"$response.body#/{name}" for name in sorted(names)}
    return {"operationId": operation_id, "parameters": parameters}
