"""Events as API Gateway, SQS and DynamoDB streams send them to a function."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping

Event: TypeAlias = dict[str, Any]

_ACCOUNT = "123456789012"
_REGION = "eu-central-1"


def rest_event(
    body: object = None,
    *,
    caller: str | None = None,
    groups: str | None = None,
    path_parameters: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    **members: object,
) -> Event:
    """Build the event of a REST API's proxy integration.

    Args:
        body: A document, or a text to send unchanged.
        caller: Id of the signed-in user, whose claims the Cognito authorizer adds.
        groups: The groups of the token, as API Gateway writes them, such as `a,b`.
        path_parameters: Parameters of the path, which API Gateway leaves percent-encoded.
        query: Parameters of the query.
        headers: Headers; by default the content type of JSON.
        members: Members of the event that replace those built here.
    """
    context: Event = {"requestId": "gateway-request"}
    if caller is not None:
        claims = {
            "sub": caller,
            "cognito:username": f"{caller}-name",
            "email": f"{caller}@example.com",
            "email_verified": "true",
        }
        if groups is not None:
            claims["cognito:groups"] = groups
        context["authorizer"] = {"claims": claims}
    return {
        "resource": "/orders",
        "path": "/orders",
        "httpMethod": "POST",
        "headers": {"Content-Type": "application/json"} if headers is None else dict(headers),
        "multiValueHeaders": {},
        "queryStringParameters": None if query is None else dict(query),
        "multiValueQueryStringParameters": None if query is None else {k: [v] for k, v in query.items()},
        "pathParameters": None
        if path_parameters is None
        else {k: quote(v, safe="") for k, v in path_parameters.items()},
        "stageVariables": None,
        "requestContext": context,
        "body": body if isinstance(body, str) or body is None else json.dumps(body),
        "isBase64Encoded": False,
    } | members


def bus_event(detail: object, *, detail_type: str, event_id: str = "event") -> Event:
    """Build an event as EventBridge sends it to a target."""
    return {
        "version": "0",
        "id": event_id,
        "source": "tests",
        "detail-type": detail_type,
        "account": _ACCOUNT,
        "region": _REGION,
        "time": "2026-01-31T12:00:00Z",
        "resources": [],
        "detail": detail,
    }


def queue_message(message_id: str, body: object, *, receive_count: int = 1) -> Event:
    """Build a message as SQS sends it to a function.

    Args:
        message_id: Its id.
        body: A document, such as a `bus_event`, or a text to send unchanged.
        receive_count: How often it has been received, this time included.
    """
    return {
        "messageId": message_id,
        "receiptHandle": f"handle of {message_id}",
        "body": body if isinstance(body, str) else json.dumps(body),
        "attributes": {"ApproximateReceiveCount": str(receive_count), "SentTimestamp": "1769860800000"},
        "messageAttributes": {},
        "md5OfBody": "",
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:{_REGION}:{_ACCOUNT}:a-queue",
        "awsRegion": _REGION,
    }


def stream_record(
    change: str,
    *,
    keys: tuple[str, ...],
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Event:
    """Build a record of a DynamoDB stream.

    Args:
        change: `INSERT`, `MODIFY` or `REMOVE`.
        keys: Attributes that are the item's key.
        before: The item as it was, in Python types; None where there was none.
        after: The item as it is now, in Python types; None where there is none.
    """
    from boto3.dynamodb.types import TypeSerializer  # noqa: PLC0415, only suites with streams need it

    serialize = TypeSerializer().serialize
    images = {
        image: {name: serialize(value) for name, value in item.items()}
        for image, item in (("OldImage", before), ("NewImage", after))
        if item is not None
    }
    image = images.get("NewImage") or images["OldImage"]
    return {
        "eventID": "1",
        "eventName": change,
        "eventSource": "aws:dynamodb",
        "awsRegion": _REGION,
        "dynamodb": {
            "Keys": {name: image[name] for name in keys},
            "SequenceNumber": "100",
            "StreamViewType": "NEW_AND_OLD_IMAGES",
            **images,
        },
    }
