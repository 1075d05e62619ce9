"""Events of the bus and messages of topics: schema, producers, consumers, personal data and its retention."""

import ast
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from devtools.contracts.catalogue import places, rules
from service_kit.personal_data import MARK
from stagectl.checkout.services import package_of

# What of a service says which events it publishes.
_PRODUCING = ("domain/events.py", "adapters/event_bus.py")
_BY_COMMANDS = "x-published-by"
_ATTRIBUTES = "x-attributes"


def of_bus(root: Path, templates: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return every event of the bus, by name."""
    schemas = {path: json.loads(path.read_text("utf-8")) for path in root.glob("services/*/events/*.json")}
    return [
        _event(root, path, schema, templates)
        for path, schema in sorted(schemas.items(), key=lambda one: one[1]["title"])
    ]


def of_topics(root: Path, templates: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the messages of every topic that a service owns, by service and name.

    Raises:
        FileNotFoundError: A topic's messages have no schema.
    """
    found = []
    for service, template in sorted(templates.items()):
        folder = root / "services" / service / "messages"
        for topic in rules.of_type(template, "AWS::SNS::Topic").values() if folder.is_dir() else ():
            name = topic["TopicName"].rpartition("-")[2]
            path = folder / f"{name}.schema.json"
            schema = json.loads(path.read_text("utf-8"))
            attributes = schema.get(_ATTRIBUTES, {})
            found.append(
                {
                    "service": service,
                    "name": name,
                    "description": schema["description"],
                    "schema": path.relative_to(root).as_posix(),
                    "fields": list(_fields(schema)),
                    "attributes": list(_fields(attributes)),
                    "example": schema["examples"][0],
                }
            )
    return found


def _event(
    root: Path, path: Path, schema: Mapping[str, Any], templates: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    name = schema["title"]
    consumers = list(rules.consumers(templates, name))
    fields = list(_fields(schema))
    example = schema["examples"][0]
    return {
        "name": name,
        "description": schema["description"],
        "schema": path.relative_to(root).as_posix(),
        "schemaVersion": example["metadata"]["schemaVersion"],
        "producers": sorted([*_producers(root, name), *schema.get(_BY_COMMANDS, [])]),
        "consumers": [
            {
                "service": one.service,
                "function": one.function,
                "queue": one.queue,
                "delaySeconds": int(one.source.get("DelaySeconds", 0)),
                "days": places.queue_days(one.source),
                "daysAfterFailure": places.queue_days(one.failures),
            }
            for one in consumers
        ],
        "fields": fields,
        "personalData": sorted(field["name"] for field in fields if field["personalData"]),
        "replayDays": places.replay_days(templates, name),
        "example": example,
    }


def _producers(root: Path, event: str) -> Iterator[str]:
    """Yield the services whose code names an event where they publish."""
    for folder in sorted(root.glob("services/*/")):
        sources = [folder / package_of(folder.name) / file for file in _PRODUCING]
        if any(event in _texts(path) for path in sources if path.is_file()):
            yield folder.name


def _texts(path: Path) -> set[object]:
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return {node.value for node in nodes if isinstance(node, ast.Constant)}


def _fields(schema: Mapping[str, Any], prefix: str = "") -> Iterator[dict[str, Any]]:
    """Yield the fields of a schema, those of objects in it by their paths."""
    for name, field in schema.get("properties", {}).items():
        if field is False:  # must not be there
            continue
        if "properties" in field:
            yield from _fields(field, f"{prefix}{name}.")
            continue
        yield {
            "name": prefix + name,
            "type": _type(field),
            "required": name in schema.get("required", ()),
            "description": field.get("description", ""),
            "personalData": field.get(MARK),
        }


def _type(field: Mapping[str, Any]) -> str:
    """Return the type of a field in words, without null: a field that may be null may be left out."""
    kinds = field.get("anyOf") or [{**field, "type": one} for one in _as_list(field.get("type", "any"))]
    names = [one.get("format") or one["type"] for one in kinds if one.get("type") != "null"]
    return " or ".join(dict.fromkeys(names))


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
