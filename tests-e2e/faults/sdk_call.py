"""What an HTTP request of an AWS SDK asks for, and how that service says that it failed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

# By the prefix of X-Amz-Target. What has no target speaks the query protocol: of our services, SNS alone.
_SERVICES = {
    "DynamoDB_20120810": "dynamodb",
    "AWSEvents": "events",
    "AmazonSSM": "ssm",
    "AmazonSQS": "sqs",
}
_QUERY_SERVICE = "sns"
_ERRORS = {"dynamodb": "InternalServerError", "ssm": "InternalServerError", "events": "InternalException"}
_THROTTLES = {"dynamodb": "ProvisionedThroughputExceededException", "sns": "Throttling"}


@dataclass(frozen=True)
class SdkCall:
    """One call, such as `events` `PutEvents`; an action that cannot be told is `?`."""

    service: str
    action: str


@dataclass(frozen=True)
class Reply:
    """An answer that the service itself might have given."""

    status: int
    content_type: str
    body: bytes


def recognise(headers: Mapping[str, str], body: bytes) -> SdkCall:
    """Return what a request calls.

    Args:
        headers: Its headers, found by any case.
        body: Its body.
    """
    prefix, _, action = headers.get("X-Amz-Target", "").partition(".")
    if action:
        return SdkCall(_SERVICES.get(prefix, prefix), action)
    actions = parse_qs(body.decode(errors="replace")).get("Action", ["?"])
    return SdkCall(_QUERY_SERVICE, actions[0])


def error(call: SdkCall) -> Reply:
    """Return the answer of a service that is in trouble."""
    return _refusal(call, 500, _ERRORS.get(call.service, "InternalFailure"), "Receiver")


def throttle(call: SdkCall) -> Reply:
    """Return the answer of a service that is asked too often."""
    return _refusal(call, 400, _THROTTLES.get(call.service, "ThrottlingException"), "Sender")


def _refusal(call: SdkCall, status: int, code: str, fault: str) -> Reply:
    if call.service == _QUERY_SERVICE:
        text = (
            '<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">'
            f"<Error><Type>{fault}</Type><Code>{code}</Code><Message>injected</Message></Error>"
            "<RequestId>injected</RequestId></ErrorResponse>"
        )
        return Reply(status, "text/xml", text.encode())
    body = json.dumps({"__type": code, "message": "injected"}).encode()
    return Reply(status, "application/x-amz-json-1.1", body)
