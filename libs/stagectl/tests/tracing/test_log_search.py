from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from stagectl import aws
from stagectl.checkout.services import Stack
from stagectl.stacks.stage import Stage
from stagectl.targets.target import Target
from stagectl.tracing.log_search import Found, search

from .fake_logs import NOON, FakeLogs

ORDER, REQUEST = "0b8f7a52-3f2c-5d0e-9c39-4d5e1f6a7b8c", "c-placed"
STAGE = Stage(
    "dev",
    {
        "orders": Stack("orders", Path(), functions=("place-order", "accept-order")),
        "notifications": Stack("notifications", Path(), functions=("notify-restaurant",)),
    },
    Target("a test", {}, is_emulator=True),
)


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> FakeLogs:
    fake = FakeLogs("orders-dev-place-order", "orders-dev-accept-order")
    monkeypatch.setattr(aws, "session", lambda: fake)
    return fake


def found(*ids: str, hours: float = 1) -> Found:
    window = {"since": NOON, "until": NOON + timedelta(hours=hours)}
    return search(STAGE, ORDER, set(ids or {REQUEST}), **window)


def line(said: str, **members: Any) -> dict[str, Any]:
    return {
        "level": "INFO",
        "message": said,
        "correlation_id": REQUEST,
        "function_request_id": "i-1",
    } | members


def said(found: Found) -> list[str]:
    return [str(one.entry.get("message", one.text)) for one in found.lines]


def test_lines_of_all_functions_are_sorted_by_their_own_time(logs: FakeLogs) -> None:
    logs.write("orders-dev-place-order", 9, line("second", timestamp="2026-01-31T12:00:02.000+00:00"))
    logs.write("orders-dev-accept-order", 9, line("first", timestamp="2026-01-31T12:00:01.000+00:00"))

    assert said(found()) == ["first", "second"]


def test_lines_before_and_after_the_window_are_left_out(logs: FakeLogs) -> None:
    for seconds, text in [(-1, "early"), (1, "in time"), (7200, "late")]:
        logs.write("orders-dev-place-order", seconds, line(text))

    assert said(found()) == ["in time"]


def test_a_request_that_names_the_order_is_found_with_all_its_lines(logs: FakeLogs) -> None:
    logs.write("orders-dev-accept-order", 1, line("staff is asked", correlation_id="c-accept"))
    logs.write("orders-dev-accept-order", 2, line("answered", correlation_id="c-accept", order_id=ORDER))

    assert said(found()) == ["staff is asked", "answered"]


def test_a_request_is_found_by_the_id_that_its_answer_names(logs: FakeLogs) -> None:
    logs.write("orders-dev-place-order", 1, line("refused", correlation_id="c-page", request_id="r-1"))
    logs.write("orders-dev-place-order", 2, line("before", correlation_id="c-page"))

    assert said(found("r-1")) == ["refused", "before"]


def test_lines_of_others_in_the_same_invocation_are_left_out(logs: FakeLogs) -> None:
    logs.write("orders-dev-place-order", 1, line("ours"))
    logs.write("orders-dev-place-order", 2, line("of another message", correlation_id="c-other"))
    logs.write("orders-dev-place-order", 3, line("of the whole batch", correlation_id="i-1"))

    assert said(found()) == ["ours", "of the whole batch"]


def test_what_lambda_says_of_an_invocation_that_failed_is_found(logs: FakeLogs) -> None:
    logs.write("orders-dev-place-order", 1, line("ours"))
    logs.write("orders-dev-place-order", 2, "START RequestId: i-1 Version: $LATEST")
    logs.write("orders-dev-place-order", 3, "2026-01-31T12:00:03Z i-1 Task timed out after 15.00 seconds")
    logs.write("orders-dev-place-order", 4, "2026-01-31T12:00:03Z i-2 Task timed out after 15.00 seconds")

    lines = found().lines

    assert [one.text[-30:] for one in lines[1:]] == ["Task timed out after 15.00 seconds"[-30:]]
    assert lines[1].is_error


def test_metrics_are_no_lines(logs: FakeLogs) -> None:
    logs.write("orders-dev-place-order", 1, {"_aws": {}, "correlation_id": REQUEST})

    assert said(found()) == []


def test_functions_without_a_log_are_named(logs: FakeLogs) -> None:
    assert found().absent == {"notifications/notify-restaurant"}


def test_many_ids_are_asked_for_in_patterns_that_cloudwatch_takes(logs: FakeLogs) -> None:
    ids = {f"{number:0128}" for number in range(20)}
    for one in ids:
        logs.write("orders-dev-place-order", 1, line(f"of {one}", correlation_id=one))

    assert len(found(*ids).lines) == 20
