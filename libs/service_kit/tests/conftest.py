"""The environment of a function, and events as AWS delivers them."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from service_kit import invocation, testing

from .fake_sqs import FakeSqs

Event = dict[str, Any]


function_environment = testing.function_environment(
    "orders",
    SERVICE_KIT_PARAMETERS="on",
    AWS_ACCESS_KEY_ID="AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY="wJalrXUtnFEMI",
    AWS_SESSION_TOKEN="session-token",
)


@pytest.fixture(autouse=True)
def warm_function(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test runs in a warm function, which has counted nothing yet."""
    monkeypatch.setitem(invocation._state, "cold", False)
    invocation.metrics.clear_metrics()
    # A test may have drawn the debug sample.
    invocation.logger.setLevel(invocation.logger.initial_log_level)


@pytest.fixture
def context() -> SimpleNamespace:
    return testing.lambda_context("orders-test-place-order")


@pytest.fixture
def logged(capsys: pytest.CaptureFixture[str]) -> Callable[[], list[Event]]:
    """Gives the lines written to standard output since it was last asked, logs and metrics alike."""

    def lines() -> list[Event]:
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return lines


@pytest.fixture
def in_lambda(monkeypatch: pytest.MonkeyPatch, fresh_clients: testing.MadeClients) -> None:
    """The test runs in a Lambda function."""
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "orders-test-place-order")


@pytest.fixture
def sqs(monkeypatch: pytest.MonkeyPatch) -> FakeSqs:
    """The queue of a function and its dead-letter queue."""
    fake = FakeSqs()
    testing.replace_client(monkeypatch, "sqs", fake)
    monkeypatch.setenv("QUEUE_URL", "https://sqs/queue")
    monkeypatch.setenv("DEAD_LETTER_QUEUE_URL", "https://sqs/dlq")
    return fake
