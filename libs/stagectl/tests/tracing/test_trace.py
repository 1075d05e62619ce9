from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from stagectl import aws
from stagectl.checkout.services import Stack
from stagectl.errors import StagectlError
from stagectl.recovery import dead_letters
from stagectl.stacks.stage import Stage
from stagectl.targets.target import Target
from stagectl.tracing.trace import Trace, trace

from .fake_logs import NOON, FakeLogs

ORDER, REQUEST = "0b8f7a52-3f2c-5d0e-9c39-4d5e1f6a7b8c", "c-placed"
STAGE = Stage(
    "dev", {"orders": Stack("orders", Path(), ("place-order",))}, Target("a test", {}, is_emulator=True)
)
SHOWN = {
    "orderId": ORDER,
    "restaurantName": "Fangtasia",
    "state": "placed",
    "placedAt": "2026-01-31T12:00:00Z",
    "answerBy": "2026-01-31T12:15:00Z",
    "history": [{"state": "placed", "at": "2026-01-31T12:00:00Z"}],
    "correlationId": REQUEST,
}


class FakeOrders:
    """The orders of a stage, or the reason why they cannot be read."""

    def __init__(self, order: dict[str, Any] | None = None, failure: Exception | None = None) -> None:
        self.order, self.failure = order, failure

    def show(self, order_id: str) -> dict[str, Any] | None:
        if self.failure is not None:
            raise self.failure
        return self.order if order_id == ORDER else None


@pytest.fixture(autouse=True)
def logs(monkeypatch: pytest.MonkeyPatch) -> FakeLogs:
    fake = FakeLogs("orders-dev-place-order")
    monkeypatch.setattr(aws, "session", lambda: fake)
    monkeypatch.setattr(dead_letters, "of_stage", lambda *_: [])
    monkeypatch.setattr("stagectl.tracing.hops.hops", lambda *_: [])
    return fake


def traced(subject: str, orders: FakeOrders) -> Trace:
    return trace(STAGE, cast("Any", orders), subject)


def write(logs: FakeLogs, at: datetime, **members: str) -> None:
    entry = {"message": "answered", "correlation_id": REQUEST, "function_request_id": "i"} | members
    logs.write("orders-dev-place-order", (at - NOON).total_seconds(), entry)


def test_the_window_is_taken_from_the_order(logs: FakeLogs) -> None:
    write(logs, NOON, order_id=ORDER)

    found = traced(ORDER, FakeOrders(SHOWN))

    assert found.window.since == NOON - timedelta(minutes=1)
    assert found.window.until == NOON + timedelta(minutes=75)
    assert [line.entry["message"] for line in found.lines] == ["answered"]
    assert found.correlation_ids == [REQUEST]


def test_an_order_that_is_only_placed_was_not_notified(logs: FakeLogs) -> None:
    write(logs, NOON, order_id=ORDER)

    missing = traced(ORDER, FakeOrders(SHOWN)).missing

    assert any("was not notified" in one for one in missing)
    assert any("order_placed was published" in one for one in missing)


def test_a_correlation_id_leads_to_its_order_and_that_to_its_window(logs: FakeLogs) -> None:
    now = datetime.now(UTC)
    write(logs, now - timedelta(minutes=5), order_id=ORDER)
    placed = (now - timedelta(minutes=5)).isoformat()
    order = SHOWN | {"placedAt": placed, "answerBy": None, "history": [{"state": "placed", "at": placed}]}

    found = traced(REQUEST, FakeOrders(order))

    assert found.order is not None
    assert found.order["orderId"] == ORDER
    assert now - found.window.since < timedelta(minutes=7)


def test_an_order_without_lines_says_why_that_may_be() -> None:
    (missing,) = traced(ORDER, FakeOrders(SHOWN)).missing

    assert "logRetentionDays" in missing


def test_nothing_at_all_is_an_error_with_the_window() -> None:
    with pytest.raises(StagectlError, match=r"no order c-1, and no log line .* UTC\. To look further back"):
        traced("c-1", FakeOrders())


def test_what_may_not_be_read_is_named_and_the_rest_is_shown(
    logs: FakeLogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "ListStackResources")

    monkeypatch.setattr(dead_letters, "of_stage", refuse)
    write(logs, datetime.now(UTC), order_id=ORDER)

    found = traced(REQUEST, FakeOrders(failure=StagectlError("AWS answered: AccessDenied")))

    assert len(found.lines) == 1
    assert [one.partition(":")[0] for one in found.not_read] == ["the order", "queues"]
