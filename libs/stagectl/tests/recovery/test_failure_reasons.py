import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from stagectl.recovery.dead_letters import Queue
from stagectl.recovery.failure_reasons import FailureReasons
from stagectl.recovery.messages import Message

SOURCE = Queue("orders-dev-x", "url", "arn:x")
SENT_AT = datetime(2026, 1, 31, tzinfo=UTC)


@pytest.fixture
def lambda_() -> Any:
    return client("lambda")


@pytest.fixture
def logs() -> Any:
    return client("logs")


@pytest.fixture
def stubbed(lambda_: Any, logs: Any) -> Iterator[tuple[Stubber, Stubber]]:
    with Stubber(lambda_) as functions, Stubber(logs) as lines:
        yield functions, lines


def client(service: str) -> Any:
    # By a variable, the stubs would have to know which of all clients it is.
    make: Any = boto3.client
    return make(service, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")


def message(body: str = "{}") -> Message:
    return Message("m1", body, SENT_AT, None, 5, "handle")


def consumed_by(functions: Stubber, arn: str) -> None:
    functions.add_response(
        "list_event_source_mappings",
        {"EventSourceMappings": [{"FunctionArn": arn}]},
        {"EventSourceArn": SOURCE.arn},
    )


def logging(lines: Stubber, group: str, *entries: tuple[int, str]) -> None:
    lines.add_response(
        "filter_log_events",
        {"events": [{"timestamp": timestamp, "message": message} for timestamp, message in entries]},
        {
            "logGroupName": group,
            "startTime": round(SENT_AT.timestamp() * 1000),
            "filterPattern": '"m1"',
        },
    )


def entry(message: str, **keys: object) -> str:
    return json.dumps({"level": "ERROR", "message": message, "message_id": "m1", **keys})


def test_the_last_reason_that_the_consumer_logged_counts(
    stubbed: tuple[Stubber, Stubber], lambda_: Any, logs: Any
) -> None:
    functions, lines = stubbed
    consumed_by(functions, "arn:aws:lambda:us-east-1:1:function:orders-dev-mark:live")
    logging(
        lines,
        "/aws/lambda/orders-dev-mark",
        (1, entry("message failed", exception_name="ClientError")),
        (3, entry("message failed", exception_name="OrderNotFoundError")),
        (4, "START RequestId: m1"),
        (5, json.dumps({"level": "INFO", "message": "fine", "message_id": "m1"})),
        (6, entry("of another", message_id="m2")),
        (7, "[" * 50_000),
        (8, entry("", reasons=5)),
    )

    assert FailureReasons(lambda_, logs).of(message(), SOURCE) == "message failed: OrderNotFoundError"


def test_a_message_that_did_not_fit_is_told_with_what_did_not(
    stubbed: tuple[Stubber, Stubber], lambda_: Any, logs: Any
) -> None:
    functions, lines = stubbed
    consumed_by(functions, "arn:aws:lambda:us-east-1:1:function:f")
    reasons = [{"field": "detail.restaurantName", "message": "Field required"}]
    logging(lines, "/aws/lambda/f", (1, entry("message does not fit", reasons=reasons)))

    found = FailureReasons(lambda_, logs).of(message(), SOURCE)

    assert found == "message does not fit: detail.restaurantName Field required"


def test_without_logs_the_reason_is_not_known(
    stubbed: tuple[Stubber, Stubber], lambda_: Any, logs: Any
) -> None:
    functions, lines = stubbed
    consumed_by(functions, "arn:aws:lambda:us-east-1:1:function:f")
    lines.add_client_error("filter_log_events", "ResourceNotFoundException")

    assert FailureReasons(lambda_, logs).of(message(), SOURCE) is None


def test_what_eventbridge_says_of_an_event_that_it_could_not_deliver_is_the_reason(
    lambda_: Any, logs: Any
) -> None:
    said = {"ERROR_CODE": "NO_PERMISSIONS", "ERROR_MESSAGE": "Lack of permissions."}
    attributes = {name: {"DataType": "String", "StringValue": value} for name, value in said.items()}
    undelivered = Message("m1", "{}", SENT_AT, None, 1, "handle", SOURCE.arn, attributes)

    assert FailureReasons(lambda_, logs).of(undelivered, SOURCE) == "NO_PERMISSIONS: Lack of permissions."


def test_a_reason_in_the_message_itself_needs_no_logs(lambda_: Any, logs: Any) -> None:
    body = json.dumps({"DDBStreamBatchInfo": {}, "requestContext": {"condition": "RecordAgeExceeded"}})

    assert FailureReasons(lambda_, logs).of(message(body), None) == "RecordAgeExceeded"
