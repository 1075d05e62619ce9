"""The environment of a function, and events as AWS delivers them."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest

from service_kit import clients, invocation
from service_kit.settings import clear_settings

from .fake_sqs import FakeSqs

Event = dict[str, Any]


@pytest.fixture(autouse=True)
def function_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every test runs in a warm function of the service `orders` on the stage `test`."""
    for name in ("QUEUE_URL", "DEAD_LETTER_QUEUE_URL"):
        monkeypatch.delenv(name, raising=False)
    for name in ("SSM_STAGE", "PARAMETERS_MAX_AGE_SECONDS", "CORS_ALLOWED_ORIGIN", "SERVICE_KIT_PARAMETERS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "SERVICE_NAME": "orders",
        "STAGE": "test",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI",
        "AWS_SESSION_TOKEN": "session-token",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setitem(invocation._state, "cold", False)
    invocation.metrics.clear_metrics()
    clear_settings()
    yield
    clear_settings()


@pytest.fixture
def context() -> SimpleNamespace:
    return SimpleNamespace(aws_request_id="lambda-request", function_name="orders-test-place-order")


@pytest.fixture
def logged(capsys: pytest.CaptureFixture[str]) -> Callable[[], list[Event]]:
    """Gives the lines written to standard output since it was last asked, logs and metrics alike."""

    def lines() -> list[Event]:
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return lines


@pytest.fixture
def fresh_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients, tables and their session are made by the test, in an environment of its own."""
    for name in ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(clients, "_clients", {})
    monkeypatch.setattr(clients, "_tables", {})
    monkeypatch.setattr(clients, "_session", cache(clients._session.__wrapped__))


@pytest.fixture
def in_lambda(monkeypatch: pytest.MonkeyPatch, fresh_clients: None) -> None:
    """The test runs in a Lambda function."""
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "orders-test-place-order")


@pytest.fixture
def sqs(monkeypatch: pytest.MonkeyPatch) -> FakeSqs:
    """The queue of a function and its dead-letter queue."""
    fake = FakeSqs()
    monkeypatch.setitem(clients._clients, "sqs", fake)
    monkeypatch.setenv("QUEUE_URL", "https://sqs/queue")
    monkeypatch.setenv("DEAD_LETTER_QUEUE_URL", "https://sqs/dlq")
    return fake


@pytest.fixture
def rest_event() -> Callable[..., Event]:
    """Builds an API Gateway REST proxy event."""

    def build(body: Any = None, **members: Any) -> Event:
        text = body if isinstance(body, str) or body is None else json.dumps(body)
        return {
            "resource": "/orders",
            "path": "/orders",
            "httpMethod": "POST",
            "headers": {"Content-Type": "application/json"},
            "multiValueHeaders": {},
            "queryStringParameters": None,
            "multiValueQueryStringParameters": None,
            "pathParameters": None,
            "requestContext": {"requestId": "gateway-request"},
            "body": text,
            "isBase64Encoded": False,
        } | members

    return build
