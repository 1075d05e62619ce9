"""Example values and events, from the contracts of the services."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stagectl.checkout.facts import EVENT_SOURCE
from stagectl.errors import UsageError

_CATALOGUE = Path("docs") / "events.json"
_FORMATS = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T18:30:00Z",
    "email": "ada@example.com",
    "uri": "https://example.com/",
    "uuid": "0b8f7a52-3f2c-4d0e-9c39-4d5e1f6a7b8c",
}
_PARTITION = "aws"
_ACCOUNT = "000000000000"
_REGION = "us-east-1"


class Examples:
    """Examples of a checkout: those of its event catalogue, and what fits the schemas of its APIs.

    Args:
        root: Root of the checkout.
    """

    def __init__(self, root: Path) -> None:
        catalogue = root / _CATALOGUE
        known = catalogue.is_file()
        self._events = json.loads(catalogue.read_text(encoding="utf-8"))["events"] if known else []
        self._named = {name: value for event in self._events for name, value in event["example"].items()}

    def value_of(self, name: str) -> str | None:
        """Return the example of a field of an event that has this name; None when no event has one."""
        value = self._named.get(name)
        return value if isinstance(value, str) else None

    def body(self, document: Mapping[str, Any], method: str, path: str) -> Any:
        """Return a body that fits a route's schema, with required fields only; None when it takes none.

        Args:
            document: The service's OpenAPI document.
            method: Method of the route, in capitals.
            path: Path of the route, with placeholders.
        """
        operation = document["paths"].get(path, {}).get(method.lower(), {})
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        return None if content is None else self._fitting(content["schema"], document)

    def of_consumer(self, service: str, function: str) -> dict[str, Any]:
        """Return the event that a function gets of an event that it consumes, through its queue.

        Raises:
            UsageError: The function consumes none.
        """
        for event in self._events:
            for consumer in event["consumers"]:
                if (consumer["service"], consumer["function"]) == (service, function):
                    return _from_queue(_from_bus(event), f"{service}-{consumer['queue']}")
        raise UsageError(
            f"{function} has no route and consumes no event of the catalogue. Pass a file: --event FILE."
        )

    def _fitting(self, schema: Mapping[str, Any], document: Mapping[str, Any], name: str = "") -> Any:
        if "$ref" in schema:
            referred = schema["$ref"].removeprefix("#/components/schemas/")
            return self._fitting(document["components"]["schemas"][referred], document, name)
        if "anyOf" in schema:
            return self._fitting(schema["anyOf"][0], document, name)
        for key in ("examples", "enum"):
            if schema.get(key):
                return schema[key][0]
        if schema.get("type") == "object":
            required = schema.get("required", [])
            return {key: self._fitting(schema["properties"][key], document, key) for key in required}
        if schema.get("type") == "array":
            return [self._fitting(schema["items"], document, name)] * schema.get("minItems", 1)
        return schema.get("default", self._plain(schema, name))

    def _plain(self, schema: Mapping[str, Any], name: str) -> Any:
        if schema.get("type") == "string":
            known = _FORMATS.get(schema.get("format", "")) or self.value_of(name)
            return known or "example".ljust(schema.get("minLength", 0), "-")
        return schema.get("minimum", 1) if schema.get("type") in {"integer", "number"} else True


def _from_bus(event: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "version": "0",
        "id": _FORMATS["uuid"],
        "source": EVENT_SOURCE,
        "detail-type": event["name"],
        "account": _ACCOUNT,
        "region": _REGION,
        "time": _FORMATS["date-time"],
        "resources": [],
        "detail": event["example"],
    }


def _from_queue(body: Mapping[str, Any], queue: str) -> dict[str, Any]:
    message = {
        "messageId": _FORMATS["uuid"],
        "receiptHandle": "example",
        "body": json.dumps(body),
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1769884200000"},
        "messageAttributes": {},
        "md5OfBody": "",
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:{_PARTITION}:sqs:{_REGION}:{_ACCOUNT}:{queue}",
        "awsRegion": _REGION,
    }
    return {"Records": [message]}
