"""Examples of the repository's own events."""

import json
from pathlib import Path

import pytest

from stagectl.errors import UsageError
from stagectl.invocation.examples import Examples

ROOT = Path(__file__).parents[4]
SCHEMAS = [*ROOT.glob("services/*/events/*.schema.json")]


def test_a_consumer_gets_its_event_through_its_queue() -> None:
    (record,) = Examples(ROOT).of_consumer("events", "event-logger")["Records"]

    body = json.loads(record["body"])
    assert record["eventSourceARN"].endswith(":events-every-event")
    assert body["source"] == "big-mouth"
    assert body["detail-type"] in {path.name.removesuffix(".schema.json") for path in SCHEMAS}


def test_a_function_without_a_route_and_an_event_needs_a_file() -> None:
    with pytest.raises(UsageError, match=r"event-logging .* --event FILE"):
        Examples(ROOT).of_consumer("events", "event-logging")


def test_a_repository_without_a_catalogue_has_no_examples(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Pass a file: --event FILE"):
        Examples(tmp_path).of_consumer("notes", "get")
