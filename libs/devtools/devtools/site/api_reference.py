"""The reference of each service's API, from its OpenAPI document."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from devtools.site.tables import table

_METHODS = ("get", "put", "post", "delete", "patch")
_Document = Mapping[str, Any]


def pages(root: Path) -> dict[str, str]:
    """Return a page for each service with an API."""
    documents = {path.parent.name: path for path in sorted(root.glob("services/*/openapi.json"))}
    return {
        f"reference/api-{service}.md": _page(service, json.loads(path.read_text(encoding="utf-8")))
        for service, path in documents.items()
    }


def _page(service: str, document: _Document) -> str:
    origin = f"[`openapi.json`](../services/{service}/openapi.json)"
    lines = [
        f"# API of {service}\n",
        f"Made from the {origin} of the [service](../services/{service}/README.md).\n",
    ]
    for path, operations in document["paths"].items():
        for method in _METHODS:
            if method in operations:
                lines += _operation(document, method, path, operations[method])
    return "\n".join(lines)


def _operation(document: _Document, method: str, path: str, operation: _Document) -> Iterator[str]:
    yield f"## {method.upper()} {path}\n"
    yield f"{operation.get('description') or operation.get('summary', '')}\n"
    schemes = sorted({name for one in operation.get("security", []) for name in one})
    yield f"Credentials: {', '.join(schemes) or 'none'}.\n"
    parameters = [_resolved(document, one) for one in operation.get("parameters", [])]
    if parameters:
        yield from table(
            ("parameter", "in", "type", ""),
            [
                (f"`{one['name']}`", one["in"], _type(one.get("schema", {})), one.get("description", ""))
                for one in parameters
            ],
        )
    for content in operation.get("requestBody", {}).get("content", {}).values():
        yield from _fields(document, "field of the body", content["schema"])
    rows = [
        (status, _answer(_resolved(document, response)))
        for status, response in sorted(operation["responses"].items())
    ]
    yield from table(("answer", ""), rows)


def _answer(response: _Document) -> str:
    shown = [
        _type(content["schema"]) for content in response.get("content", {}).values() if "schema" in content
    ]
    return ": ".join(filter(None, [response["description"].rstrip("."), ", ".join(shown)]))


def _fields(document: _Document, title: str, schema: _Document) -> Iterator[str]:
    resolved = _resolved(document, schema)
    required = resolved.get("required", [])
    yield from table(
        (title, "type", ""),
        [
            (
                f"`{name}`" + ("" if name in required else ", optional"),
                _type(field),
                field.get("description", ""),
            )
            for name, field in resolved.get("properties", {}).items()
        ],
    )


def _type(schema: _Document) -> str:
    if "$ref" in schema:
        return f"`{schema['$ref'].rpartition('/')[2]}`"
    if "items" in schema:
        return f"list of {_type(schema['items'])}"
    either = schema.get("anyOf") or schema.get("oneOf")
    if either:
        return " or ".join(_type(one) for one in either)
    return str(schema.get("type", "any"))


def _resolved(document: _Document, value: _Document) -> _Document:
    """Return what a reference leads to, or the value."""
    if "$ref" not in value:
        return value
    found = document
    for part in value["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return _resolved(document, found)
