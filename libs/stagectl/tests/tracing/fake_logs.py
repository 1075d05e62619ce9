"""Logs of functions in memory, filtered as CloudWatch does by patterns of alternatives."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


class FakeLogs:
    """The calls of boto3's client that a search needs; it is its session and paginator too."""

    class _NotFoundError(Exception):
        pass

    exceptions = SimpleNamespace(ResourceNotFoundException=_NotFoundError)

    def __init__(self, *groups: str) -> None:
        self.groups: dict[str, list[tuple[datetime, str]]] = {f"/aws/lambda/{name}": [] for name in groups}
        self.patterns: list[str] = []

    def client(self, _: str) -> "FakeLogs":
        return self

    def get_paginator(self, _: str) -> "FakeLogs":
        return self

    def write(self, group: str, seconds: float, entry: dict[str, Any] | str) -> None:
        """Add a line some seconds after noon."""
        text = entry if isinstance(entry, str) else json.dumps(entry)
        self.groups[f"/aws/lambda/{group}"].append((NOON + timedelta(seconds=seconds), text))

    def paginate(self, **request: Any) -> Iterator[dict[str, Any]]:
        if request["logGroupName"] not in self.groups:
            raise self._NotFoundError
        self.patterns.append(request["filterPattern"])
        assert len(request["filterPattern"]) <= 1024, "CloudWatch takes no longer pattern"
        terms = re.findall(r'\?"([^"]*)"', request["filterPattern"])
        for at, text in self.groups[request["logGroupName"]]:
            milliseconds = round(at.timestamp() * 1000)
            is_within = request["startTime"] <= milliseconds <= request["endTime"]
            if is_within and any(term in text for term in terms):
                yield {"events": [{"timestamp": milliseconds, "message": text}]}
