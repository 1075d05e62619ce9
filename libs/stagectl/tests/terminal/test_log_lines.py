import json
from datetime import UTC, datetime

from stagectl.terminal import log_lines

AT = datetime(2026, 11, 28, 12, 0, 0, 250_000, tzinfo=UTC)
ENTRY = {"level": "INFO", "message": "order placed", "timestamp": "2026-11-28", "order_id": "1", "tries": 2}


def pretty(text: str) -> str:
    return log_lines.pretty(AT, "orders/place-order", text).plain.partition(" ")[2]


def test_a_document_is_shown_as_level_message_and_keys() -> None:
    assert pretty(json.dumps(ENTRY)) == "orders/place-order INFO     order placed order_id=1 tries=2"


def test_a_stack_trace_stays_in_its_line() -> None:
    line = pretty(json.dumps({"level": "ERROR", "message": "failed", "exception": "Traceback\n  File"}))

    assert line == r'orders/place-order ERROR    failed exception="Traceback\n  File"'


def test_a_line_that_is_no_document_is_shown_unchanged() -> None:
    assert pretty("START RequestId: 1").split() == ["orders/place-order", "START", "RequestId:", "1"]


def test_metrics_are_shown_unchanged() -> None:
    metrics = json.dumps({"_aws": {"Timestamp": 1}, "ColdStart": [1.0]})

    assert pretty(metrics).endswith(f" {metrics}")


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
