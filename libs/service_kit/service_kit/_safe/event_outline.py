"""Incoming events as they may be logged: of each only members that name no person and hold no secret."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["outline"]

_MOST_ITEMS = 10
_MOST_LEVELS = 8
_MOST_CHARACTERS = 20_000
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_NUMBER = re.compile(r"\d{1,30}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)")
_ROUTE = re.compile(r"/(?:[a-z-]+|\{[A-Za-z]+\+?\}|/)*")
_QUEUE = re.compile(r"arn:[a-z-]+:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,80}")

_METHOD = re.compile(r"GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS")
_CHANGE = re.compile(r"INSERT|MODIFY|REMOVE")
_DETAIL_TYPE = re.compile(r"[a-z]{1,20}(?:_[a-z]{1,20}){1,4}")
_STATE = re.compile(r"placed|notified|accepted|rejected|expired|cancelled|pending|approved")

# Values are shown where they have the form that their member says, so that nothing else gets in by its name.
_VALUES: Mapping[str, re.Pattern[str]] = {
    # API Gateway
    "httpMethod": _METHOD,
    "resource": _ROUTE,
    "requestId": _UUID,
    # SQS
    "messageId": _UUID,
    "eventSourceARN": _QUEUE,
    "ApproximateReceiveCount": _NUMBER,
    "SentTimestamp": _NUMBER,
    # DynamoDB streams
    "eventName": _CHANGE,
    "SequenceNumber": _NUMBER,
    # EventBridge
    "id": _UUID,
    "detail-type": _DETAIL_TYPE,
    "time": _TIME,
    # this product's orders, submissions and erasures
    "orderId": _UUID,
    "submissionId": _UUID,
    "erasureId": _UUID,
    "state": _STATE,
    "placedAt": _TIME,
    "answerBy": _TIME,
    "notifiedAt": _TIME,
    "answeredAt": _TIME,
}
# What holds them.
_HOLDERS = frozenset(
    {
        "Keys",
        "NewImage",
        "OldImage",
        "Records",
        "attributes",
        "body",
        "detail",
        "dynamodb",
        "execution",
        "pathParameters",
        "requestContext",
    }
)
_TYPES_OF_DYNAMODB = ("S", "N")
_HIDDEN = "hidden"


def outline(event: object) -> Any:
    """Return what may be logged of an event: the listed members, and how many others there are.

    Names of other members are hidden too, since a body, a query or headers may have any. Bodies that are JSON
    are outlined in their turn.
    """
    return _outlined(event, _MOST_LEVELS)


def _outlined(value: object, levels: int) -> Any:
    if isinstance(value, str):
        value = _document(value)
    if levels == 0 or not isinstance(value, (dict, list)):
        return _HIDDEN
    if isinstance(value, list):
        return [_outlined(item, levels - 1) for item in value[:_MOST_ITEMS]]
    shown: dict[str, Any] = {}
    for name, member in value.items():
        if name in _HOLDERS and member:
            shown[name] = _outlined(member, levels - 1)
        elif name in _VALUES and (text := _text(member)) is not None and _VALUES[name].fullmatch(text):
            shown[name] = text
    if hidden := len(value) - len(shown):
        shown[_HIDDEN] = hidden
    return shown


def _document(text: str) -> object:
    if len(text) > _MOST_CHARACTERS:
        return None
    try:
        return from_json(text)
    except (TypeError, ValueError):
        # Half of a surrogate pair is said to be of the wrong type.
        return None


def _text(value: object) -> str | None:
    """Return a text, also one of an item as a stream has it."""
    if isinstance(value, dict) and len(value) == 1:
        value = next((value[name] for name in _TYPES_OF_DYNAMODB if name in value), None)
    return value if isinstance(value, str) else None
