"""What a new version is sent, and what it has to answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from service_kit.invocation import CHECK_FAILURES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

__all__ = ["CHECK_ID", "FRESH_ID", "Check", "Invocation", "Request", "message", "stream_record"]

CHECK_ID = "release-check"
"""Who asks, and the id of all that is asked for: no user and no item of a stage has it."""

FRESH_ID = "release-check-fresh-id"
"""Stands for an id that no check before had."""

_FIRST_SERVER_ERROR = 500


class Check(Protocol):
    """One invocation of a new version."""

    def event(self) -> dict[str, Any]:
        """Return the event that the version is invoked with."""

    def fault(self, answer: Any, error_type: str | None) -> str | None:
        """Return what is wrong with the version's answer, or with the exception it failed with, or None."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request of a signed-in user, as API Gateway passes it on.

    Attributes:
        method: Its HTTP method.
        path: Parameters of the path, as plain text.
        query: Parameters of the query.
        body: Its JSON body, or None.
        headers: Its headers, beside the content type.
        groups: Groups of the user.
        email_verified: Whether the user's address is verified.
        status: Status to be answered; by default any below 500.
    """

    method: str = "GET"
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    groups: Collection[str] = ()
    email_verified: bool = True
    status: int | None = None

    def event(self) -> dict[str, Any]:
        """Return the event of a REST API's proxy integration."""
        claims = {
            "sub": CHECK_ID,
            "cognito:username": CHECK_ID,
            "cognito:groups": ",".join(self.groups),
            "email": f"{CHECK_ID}@example.com",
            "email_verified": str(self.email_verified).lower(),
        }
        return {
            "httpMethod": self.method,
            "headers": {"content-type": "application/json", **self.headers},
            "pathParameters": {name: quote(value, safe="") for name, value in self.path.items()},
            "queryStringParameters": dict(self.query) or None,
            "multiValueQueryStringParameters": {name: [value] for name, value in self.query.items()} or None,
            "requestContext": {"requestId": CHECK_ID, "authorizer": {"claims": claims}},
            "body": None if self.body is None else json.dumps(self.body),
            "isBase64Encoded": False,
        }

    def fault(self, answer: Any, error_type: str | None) -> str | None:
        """Compare the status."""
        if error_type is not None:
            return f"failed with {error_type}"
        status = answer["statusCode"]
        if self.status is None:
            return None if status < _FIRST_SERVER_ERROR else f"answered {status}"
        return None if status == self.status else f"answered {status} instead of {self.status}"


@dataclass(frozen=True, kw_only=True)
class Invocation:
    """An event of any other trigger.

    Attributes:
        payload: The event.
        answers: Members of the answer and their values; others are not compared.
        fails: Name of the exception that the function has to raise, when that shows that it works.
    """

    payload: Mapping[str, Any]
    answers: Mapping[str, Any] = field(default_factory=dict)
    fails: str | None = None

    def event(self) -> dict[str, Any]:
        """Return the event."""
        return dict(self.payload)

    def fault(self, answer: Any, error_type: str | None) -> str | None:
        """Compare the exception, and the members that were named."""
        if error_type != self.fails:
            return f"failed with {error_type}" if error_type else f"did not fail with {self.fails}"
        for name, value in self.answers.items():
            if (found := (answer or {}).get(name)) != value:
                return f"answered {name} {found!r} instead of {value!r}"
        return None


def message(detail_type: str, detail: Mapping[str, Any], *, fails: str | None = None) -> Invocation:
    """Check a queue's consumer with one message, an event of the bus.

    Args:
        detail_type: What happened.
        detail: What the event says about it.
        fails: Name of the exception that shows that the function looked for what does not exist; by default
            it succeeds.
    """
    now = datetime.now(UTC)
    body = {
        "version": "0",
        "id": CHECK_ID,
        "source": CHECK_ID,
        "detail-type": detail_type,
        "time": now.isoformat(),
        "detail": dict(detail),
    }
    record = {
        "messageId": CHECK_ID,
        "receiptHandle": CHECK_ID,
        "body": json.dumps(body),
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": str(round(now.timestamp() * 1000)),
        },
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": CHECK_ID,
    }
    failures = [] if fails is None else [fails]
    return Invocation(payload={"Records": [record]}, answers={CHECK_FAILURES: failures})


def stream_record(item: Mapping[str, Any], *, key: Collection[str]) -> Invocation:
    """Check the consumer of a table's stream with one new item, which is in no table.

    Args:
        item: The item, in Python types.
        key: Names of the attributes of its key.
    """
    from boto3.dynamodb.types import TypeSerializer  # noqa: PLC0415, only services with streams need it

    image = {name: TypeSerializer().serialize(value) for name, value in item.items()}
    stream = {
        "ApproximateCreationDateTime": datetime.now(UTC).timestamp(),
        "Keys": {name: image[name] for name in key},
        "NewImage": image,
        "SequenceNumber": "1",
        "StreamViewType": "NEW_AND_OLD_IMAGES",
    }
    record = {"eventID": CHECK_ID, "eventName": "INSERT", "dynamodb": stream}
    return Invocation(payload={"Records": [record]})
