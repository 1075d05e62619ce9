"""Calls of this service's handlers, as Lambda makes them for API Gateway, SQS and DynamoDB streams."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from service_kit.invocation import LambdaHandler

CONTEXT = SimpleNamespace(aws_request_id="lambda-request", function_name="orders-test-some-function")


@dataclass(frozen=True)
class Reply:
    """What a handler answered API Gateway, with its JSON body parsed."""

    status: int
    headers: Mapping[str, str]
    document: Any


def call(handler: LambdaHandler[dict[str, Any]], event: dict[str, Any]) -> Reply:
    """Call the handler of an endpoint."""
    answer = handler(event, CONTEXT)
    return Reply(answer["statusCode"], answer["headers"], json.loads(answer["body"]))


def request(
    *,
    customer_id: str | None = "ada",
    body: object = None,
    path: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    group: str | None = None,
) -> dict[str, Any]:
    """Build the event of a REST API's proxy integration, with the claims that its Cognito authorizer adds."""
    claims = {"sub": customer_id, "cognito:username": f"{customer_id}-name", "email": "ada@example.com"}
    if group is not None:
        claims["cognito:groups"] = group
    return {
        "resource": "/orders",
        "path": "/orders",
        "httpMethod": "POST",
        "headers": {"Content-Type": "application/json"} | dict(headers or {}),
        "multiValueHeaders": {},
        "queryStringParameters": None if query is None else dict(query),
        "multiValueQueryStringParameters": None if query is None else {k: [v] for k, v in query.items()},
        "pathParameters": None if path is None else dict(path),
        "stageVariables": None,
        "requestContext": {
            "requestId": "gateway-request",
            **({} if customer_id is None else {"authorizer": {"claims": claims}}),
        },
        "body": body if isinstance(body, str) or body is None else json.dumps(body),
        "isBase64Encoded": False,
    }


def queue_message(message_id: str, detail: object, *, detail_type: str) -> dict[str, Any]:
    """Build an SQS message that an EventBridge rule sent."""
    event = {
        "version": "0",
        "id": f"event-of-{message_id}",
        "source": "big-mouth",
        "detail-type": detail_type,
        "account": "123456789012",
        "region": "eu-central-1",
        "time": "2026-01-31T12:00:00Z",
        "resources": [],
        "detail": detail,
    }
    return {
        "messageId": message_id,
        "receiptHandle": "handle",
        "body": json.dumps(event),
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1769860800000"},
        "messageAttributes": {},
        "md5OfBody": "",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:orders-test",
        "awsRegion": "eu-central-1",
    }


def stream_record(
    change: str, image: Mapping[str, str], before: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Build a record of the stream of a table that has text attributes only."""
    images = {"OldImage": before, "NewImage": None if change == "REMOVE" else image}
    return {
        "eventID": "1",
        "eventName": change,
        "eventSource": "aws:dynamodb",
        "awsRegion": "eu-central-1",
        "dynamodb": {
            "Keys": {"orderId": {"S": image["orderId"]}},
            "SequenceNumber": "100",
            "StreamViewType": "NEW_AND_OLD_IMAGES",
            **{
                name: {attribute: {"S": text} for attribute, text in item.items()}
                for name, item in images.items()
                if item is not None
            },
        },
    }
