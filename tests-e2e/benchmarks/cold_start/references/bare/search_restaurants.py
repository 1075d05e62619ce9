"""The least that a handler can be: what everything else is measured by."""

import json
from typing import Any

RESTAURANTS: list[dict[str, Any]] = []
HEADERS = {"content-type": "application/json"}


def handle(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Return the first restaurants."""
    body = json.loads(event["body"])
    if "theme" not in body:
        return {"statusCode": 400, "headers": HEADERS, "body": "{}"}
    return {"statusCode": 200, "headers": HEADERS, "body": json.dumps(RESTAURANTS[: body.get("count", 4)])}
