"""How many orders one customer may place in a while."""

import json
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from devtools import snapshot_hooks
from orders.adapters.allowance_table import AllowanceTable
from orders.domain.errors import TooManyOrdersError
from orders.handlers.place_order import handle
from service_kit import invocation
from service_kit.testing import MadeClients, Reply, StubTables, call, replace_table, rest_event

from .orders_fakes import FakeAllowances, FakeOrders, FakeRestaurants

WINDOW = datetime(2026, 1, 31, 12, 0, 0, tzinfo=UTC)
NAME = "orders-test-allowances"
REFUSED = "ConditionalCheckFailedException"


@pytest.fixture
def dynamodb(stub_tables: StubTables) -> Stubber:
    """DynamoDB, which answers what a test says, if it is asked as the test says."""
    return stub_tables(NAME)


@pytest.fixture
def table() -> AllowanceTable:
    return AllowanceTable(NAME, most=30, window_seconds=10)


class TestTheTable:
    def test_counts_each_attempt_in_its_window(self, table: AllowanceTable, dynamodb: Stubber) -> None:
        seconds = int(WINDOW.timestamp())
        expected: dict[str, Any] = {
            "TableName": NAME,
            "Key": {"customerId": "ada", "since": seconds},
            "UpdateExpression": "ADD attempts :one SET expiresAt = :later",
            "ConditionExpression": "attribute_not_exists(attempts) OR attempts < :most",
            "ExpressionAttributeValues": {":one": 1, ":most": 30, ":later": seconds + 20},
        }
        dynamodb.add_response("update_item", {}, expected)
        table.take("ada", WINDOW + timedelta(seconds=9.999))

    @pytest.mark.parametrize(("into", "left"), [(0, 10), (0.5, 10), (3, 7), (9.5, 1), (9.999, 1)])
    def test_says_when_there_may_be_more(
        self, table: AllowanceTable, dynamodb: Stubber, into: float, left: int
    ) -> None:
        dynamodb.add_client_error("update_item", REFUSED)
        with pytest.raises(TooManyOrdersError) as refused:
            table.take("ada", WINDOW + timedelta(seconds=into))
        assert refused.value.retry_after_seconds == left

    def test_asks_once_for_a_window_that_is_used_up(self, table: AllowanceTable, dynamodb: Stubber) -> None:
        dynamodb.add_client_error("update_item", REFUSED)
        for second in range(10):
            with pytest.raises(TooManyOrdersError):
                table.take("ada", WINDOW + timedelta(seconds=second))

    def test_asks_again_in_the_next_window(self, table: AllowanceTable, dynamodb: Stubber) -> None:
        dynamodb.add_client_error("update_item", REFUSED)
        with pytest.raises(TooManyOrdersError):
            table.take("ada", WINDOW)
        dynamodb.add_response("update_item", {})
        table.take("ada", WINDOW + timedelta(seconds=10))

    @pytest.mark.parametrize("other", ["bob", "Ada", "ада", "a\u0301da", "🍕", "ada#1"])
    def test_refuses_no_other_customer(self, table: AllowanceTable, dynamodb: Stubber, other: str) -> None:
        dynamodb.add_client_error("update_item", REFUSED)
        with pytest.raises(TooManyOrdersError):
            table.take("ada", WINDOW)
        dynamodb.add_response("update_item", {})
        table.take(other, WINDOW)

    @pytest.mark.parametrize("jump", [timedelta(days=-400), timedelta(days=400)])
    def test_a_clock_that_jumps_there_and_back_locks_nobody_out(
        self, table: AllowanceTable, dynamodb: Stubber, jump: timedelta
    ) -> None:
        dynamodb.add_client_error("update_item", REFUSED)
        with pytest.raises(TooManyOrdersError) as refused:
            table.take("ada", WINDOW + jump)
        assert refused.value.retry_after_seconds <= 10
        dynamodb.add_response("update_item", {})
        table.take("ada", WINDOW)

    @pytest.mark.parametrize("code", ["ThrottlingException", "InternalServerError"])
    def test_an_order_does_not_wait_for_a_table_that_fails_in_passing(
        self, table: AllowanceTable, dynamodb: Stubber, code: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        dynamodb.add_client_error("update_item", code)
        invocation.metrics.clear_metrics()
        table.take("ada", WINDOW)
        invocation.metrics.flush_metrics()
        logged, counted = map(json.loads, capsys.readouterr().out.splitlines())
        assert counted["AllowanceNotCounted"] == [1.0]
        assert logged["level"] == "WARNING"
        assert logged["message"]
        assert code in logged["reason"]

    def test_an_order_does_not_wait_for_a_table_that_is_silent(
        self, table: AllowanceTable, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        exceptions = SimpleNamespace(ConditionalCheckFailedException=KeyError)
        silent = SimpleNamespace(
            update_item=lambda **_: time.sleep(60),
            meta=SimpleNamespace(client=SimpleNamespace(exceptions=exceptions)),
        )
        replace_table(monkeypatch, NAME, silent)
        began = time.monotonic()
        table.take("ada", WINDOW)
        assert 0.9 < time.monotonic() - began < 2

    def test_the_table_is_made_before_the_first_order(
        self, monkeypatch: pytest.MonkeyPatch, fresh_clients: MadeClients
    ) -> None:
        snapshot_hooks.start(monkeypatch)
        AllowanceTable(NAME, most=30, window_seconds=10)
        assert list(fresh_clients.tables) == [NAME]

    def test_a_restored_copy_asks_again(self, monkeypatch: pytest.MonkeyPatch, dynamodb: Stubber) -> None:
        hooks = snapshot_hooks.recorded(monkeypatch)
        table = AllowanceTable(NAME, most=30, window_seconds=10)
        dynamodb.add_client_error("update_item", REFUSED)
        with pytest.raises(TooManyOrdersError):
            table.take("ada", WINDOW)
        (renew,) = hooks.renewals
        renew()
        dynamodb.add_response("update_item", {})
        table.take("ada", WINDOW)

    def test_a_missing_permission_is_a_fault(self, table: AllowanceTable, dynamodb: Stubber) -> None:
        dynamodb.add_client_error("update_item", "AccessDeniedException")
        with pytest.raises(ClientError, match="AccessDenied"):
            table.take("ada", WINDOW)


def post(key: str | None = None, *, customer_id: str = "ada", name: str = "Fangtasia") -> Reply:
    headers = {} if key is None else {"Idempotency-Key": key}
    return call(handle, rest_event({"restaurantName": name}, headers=headers, caller=customer_id))


@pytest.mark.usefixtures("orders", "restaurants")
class TestTheEndpoint:
    def test_answers_429_and_when_to_come_back(self, allowances: FakeAllowances, orders: FakeOrders) -> None:
        allowances.most = 1
        post()
        reply = post()
        assert (reply.status, reply.headers["retry-after"]) == (429, "7")
        assert reply.headers["content-type"] == "application/problem+json"
        assert "many orders" in reply.document["detail"]
        assert len(orders.by_id) == 1

    def test_answers_another_customer_as_ever(self, allowances: FakeAllowances) -> None:
        allowances.most = 1
        assert [post(customer_id=who).status for who in ("ada", "ada", "bob")] == [200, 429, 200]

    def test_answers_a_repeat_under_a_key_although_there_may_be_no_more(
        self, allowances: FakeAllowances
    ) -> None:
        allowances.most = 1
        first = post("k")
        assert post().status == 429
        again = post("k")
        assert (again.status, again.document) == (200, first.document)
        assert allowances.taken == ["ada"]

    def test_counts_attempts_at_restaurants_that_do_not_exist(
        self, allowances: FakeAllowances, restaurants: FakeRestaurants
    ) -> None:
        allowances.most = 1
        assert [post(name="Nowhere").status for _ in range(2)] == [404, 429]

    def test_counts_an_attempt_when_it_is_made(self, allowances: FakeAllowances) -> None:
        post()
        (at,) = allowances.times
        assert timedelta(0) <= datetime.now(UTC) - at < timedelta(minutes=1)
