import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore import exceptions
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from service_kit.http import http_handler
from service_kit.outages import outage_reason
from service_kit.testing import rest_event

Build = Callable[..., Any]

PASSING = [
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "Throttling",
    "RequestLimitExceeded",
    "TransactionInProgressException",
    "TransactionConflictException",
    "LimitExceededException",
    "SlowDown",
    "TooManyRequestsException",
    "InternalServerError",
    "ServiceUnavailable",
    "RequestTimeout",
    "com.amazonaws.dynamodb.v20120810#ThrottlingException",
]
LASTING = [
    "AccessDeniedException",
    "ConditionalCheckFailedException",
    "ExpiredTokenException",
    "ItemCollectionSizeLimitExceededException",
    "ResourceNotFoundException",
    "UnrecognizedClientException",
    "ValidationException",
]
ENDPOINT = "https://dynamodb.eu-central-1.amazonaws.com"


def refused(code: str, status: int = 400, **members: Any) -> ClientError:
    response: Any = {
        "Error": {"Code": code, "Message": "secret-text"},
        "ResponseMetadata": {"HTTPStatusCode": status},
        **members,
    }
    return ClientError(response, "PutItem")


def cancelled(*codes: str | None, message: str | None = None) -> ClientError:
    if message is not None:
        return ClientError(
            {"Error": {"Code": "TransactionCanceledException", "Message": message}}, "TransactWriteItems"
        )
    return refused("TransactionCanceledException", CancellationReasons=[{"Code": code} for code in codes])


UNANSWERED: list[Exception] = [
    exceptions.EndpointConnectionError(endpoint_url=ENDPOINT),
    exceptions.ConnectTimeoutError(endpoint_url=ENDPOINT),
    exceptions.ReadTimeoutError(endpoint_url=ENDPOINT),
    exceptions.ConnectionClosedError(endpoint_url=ENDPOINT),
    exceptions.SSLError(endpoint_url=ENDPOINT, error=OSError("handshake")),
    exceptions.ProxyConnectionError(proxy_url="http://proxy", error="refused"),
    exceptions.HTTPClientError(error="broken"),
    exceptions.IncompleteReadError(actual_bytes=1, expected_bytes=2),
    exceptions.CredentialRetrievalError(provider="container-role", error_msg="timed out"),
    ResponseParserError("not JSON"),
]
OURS: list[Exception] = [
    exceptions.NoCredentialsError(),
    exceptions.NoRegionError(),
    exceptions.ParamValidationError(report="secret-text"),
    RuntimeError("secret-text"),
]


@pytest.mark.parametrize("code", PASSING)
def test_throttling_and_failures_of_a_service_pass(code: str) -> None:
    assert outage_reason(refused(code)) == f"{code.rpartition('#')[2]} of PutItem"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_the_status_tells_of_codes_that_nobody_listed(status: int) -> None:
    assert outage_reason(refused("BrandNewException", status)) == "BrandNewException of PutItem"


@pytest.mark.parametrize("code", LASTING)
def test_what_would_be_refused_again_does_not_pass(code: str) -> None:
    assert outage_reason(refused(code)) is None


@pytest.mark.parametrize(
    "error",
    [
        cancelled("ThrottlingError", None),
        cancelled("None", "ProvisionedThroughputExceeded"),
        cancelled("TransactionConflict", "ThrottlingError"),
        cancelled(
            message="Transaction cancelled, please refer … for specific reasons [ThrottlingError, None]"
        ),
    ],
)
def test_a_transaction_that_was_cancelled_for_throttling_passes(error: ClientError) -> None:
    assert outage_reason(error) is not None


@pytest.mark.parametrize(
    "error",
    [
        cancelled("ConditionalCheckFailed", None),
        cancelled("ConditionalCheckFailed", "ThrottlingError"),
        cancelled("ValidationError"),
        cancelled(None, None),
        cancelled(message="Transaction cancelled"),
    ],
)
def test_a_transaction_that_was_cancelled_for_its_content_does_not_pass(error: ClientError) -> None:
    assert outage_reason(error) is None


@pytest.mark.parametrize("error", UNANSWERED, ids=lambda error: type(error).__name__)
def test_no_answer_passes(error: Exception) -> None:
    assert outage_reason(error) == type(error).__name__


@pytest.mark.parametrize("error", OURS, ids=lambda error: type(error).__name__)
def test_a_fault_of_ours_does_not_pass(error: Exception) -> None:
    assert outage_reason(error) is None


def raising(error: Exception) -> Callable[[Any, Any], dict[str, Any]]:
    @http_handler()
    def handle() -> None:
        raise error

    return handle


@pytest.mark.parametrize(
    "error",
    [*map(refused, PASSING), cancelled("ThrottlingError", None), *UNANSWERED],
    ids=outage_reason,
)
def test_an_endpoint_answers_what_passes_with_503_and_when_to_come_back(
    context: Any, logged: Any, error: Exception
) -> None:
    reply = raising(error)(rest_event(), context)
    assert (reply["statusCode"], reply["headers"]["retry-after"]) == (503, "5")
    assert json.loads(reply["body"])["title"] == "Service Unavailable"
    line, *_ = logged()
    assert (line["level"], line["reason"]) == ("ERROR", outage_reason(error))


@pytest.mark.parametrize(
    "error",
    [*map(refused, LASTING), cancelled("ConditionalCheckFailed"), *OURS],
    ids=lambda error: type(error).__name__,
)
def test_an_endpoint_answers_a_fault_of_ours_with_500(context: Any, error: Exception) -> None:
    reply = raising(error)(rest_event(), context)
    assert reply["statusCode"] == 500
    assert "secret-text" not in reply["body"]


def test_a_cancelled_transaction_says_why_in_the_last_brackets_of_its_message() -> None:
    message = "Transaction [t-1] cancelled, please refer to specific reasons [ThrottlingError, None]"
    assert outage_reason(cancelled(message=message)) == "TransactionCanceledException of TransactWriteItems"


def test_a_cancelled_transaction_that_does_not_say_why_does_not_pass() -> None:
    error = ClientError({"Error": {"Code": "TransactionCanceledException"}}, "TransactWriteItems")
    assert outage_reason(error) is None


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        ({"ResponseMetadata": {"HTTPStatusCode": 500}}, "unknown of PutItem"),
        ({"Error": {}, "ResponseMetadata": {"HTTPStatusCode": 429}}, "unknown of PutItem"),
        ({"Error": {"Code": "ValidationException"}, "ResponseMetadata": {}}, None),
        ({"Error": {"Code": "ValidationException"}}, None),
    ],
)
def test_an_answer_that_leaves_members_out_is_read(response: Any, reason: str | None) -> None:
    assert outage_reason(ClientError(response, "PutItem")) == reason


def test_an_error_of_the_domain_passes_when_its_cause_does() -> None:
    error = RuntimeError("not stored")
    error.__cause__ = refused("ThrottlingException")
    assert outage_reason(error) == "ThrottlingException of PutItem"
    error.__cause__ = refused("AccessDeniedException")
    assert outage_reason(error) is None
