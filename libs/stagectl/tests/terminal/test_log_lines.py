import json
from datetime import UTC, datetime

import pytest

from stagectl.terminal import log_lines

AT = datetime(2026, 11, 28, 12, 0, 0, 250_000, tzinfo=UTC)
ENTRY = {"level": "INFO", "message": "order placed", "timestamp": "2026-11-28", "order_id": "1", "tries": 2}


def pretty(text: str) -> str:
    line = log_lines.pretty(AT, "orders/place-order", text)
    assert line is not None
    return line.plain.partition(" ")[2]


def test_a_document_is_shown_as_level_message_and_keys() -> None:
    assert pretty(json.dumps(ENTRY)) == "orders/place-order INFO     order placed order_id=1 tries=2"


def test_what_a_request_has_in_each_line_comes_last_or_not_at_all() -> None:
    entry = {
        "correlation_id": "7",
        "location": "f:1",
        "stage": "local",
        "cold_start": False,
        "request_id": "7",
    }

    assert pretty(json.dumps(ENTRY | entry)).endswith(
        "order placed order_id=1 tries=2 correlation_id=7 location=f:1"
    )


def test_a_stack_trace_follows_in_indented_lines_that_steer_no_terminal() -> None:
    line = pretty(
        json.dumps({"level": "ERROR", "message": "failed", "exception": "Trace\n  File\n\u001b[2J"})
    )

    assert line == 'orders/place-order ERROR    failed\n    Trace\n      File\n    "\\u001b[2J"'


def test_a_line_that_is_no_document_is_shown_unchanged() -> None:
    assert pretty("printed by a library").endswith(" printed by a library")


@pytest.mark.parametrize("text", ["START RequestId: 1 Version: $LATEST", "END RequestId: 1"])
def test_that_an_invocation_begins_or_ends_is_not_shown(text: str) -> None:
    assert log_lines.pretty(AT, "orders/place-order", text) is None


def test_the_report_of_an_invocation_is_shortened() -> None:
    report = (
        "REPORT RequestId: 1\tDuration: 12.5 ms\tBilled Duration: 13 ms\tMemory Size: 512 MB\t"
        "Max Memory Used: 145 MB\t"
    )

    assert pretty(report).endswith(" took 12.5 ms, 145 of 512 MB")


def test_metrics_are_shown_as_names_and_values() -> None:
    assert pretty(json.dumps({"_aws": {"Timestamp": 1}, "stage": "dev", "ColdStart": [1.0]})).endswith(
        " metrics ColdStart=[1.0]"
    )


def test_a_document_becomes_json_with_its_function() -> None:
    line = log_lines.as_json(AT, "orders/place-order", json.dumps(ENTRY))

    assert json.loads(line) == {"service": "orders", "function": "place-order", **ENTRY}


def test_any_other_line_becomes_json_with_its_time() -> None:
    assert json.loads(log_lines.as_json(AT, "orders/place-order", "START")) == {
        "service": "orders",
        "function": "place-order",
        "timestamp": "2026-11-28T12:00:00.250Z",
        "message": "START",
    }
