"""What the body of a dead letter is, and how it is shown."""

import json
from enum import StrEnum
from typing import Any

_UNPUBLISHED = frozenset({"EventBusName", "Source", "DetailType", "Detail", "reason"})
_STREAM_FAILURE = "DDBStreamBatchInfo"
_SECRETIVE = ("authorization", "password", "secret", "token")
_HIDDEN = "(not shown)"


class Kind(StrEnum):
    """What a dead letter is."""

    MESSAGE = "message"
    """What a producer sent and a consumer could not work on."""

    UNPUBLISHED_EVENT = "unpublished event"
    """An entry of PutEvents that the bus did not accept, kept with the reason."""

    STREAM_FAILURE = "stream failure"
    """Lambda's note of where in a stream the records are that its function kept failing on."""


def document_of(body: str) -> Any:
    """Return the JSON that a body is, or the body itself."""
    try:
        return json.loads(body)
    except ValueError:
        return body


def kind_of(body: str) -> Kind:
    """Tell what a body is."""
    document = document_of(body)
    if isinstance(document, dict):
        if document.keys() >= _UNPUBLISHED:
            return Kind.UNPUBLISHED_EVENT
        if _STREAM_FAILURE in document:
            return Kind.STREAM_FAILURE
    return Kind.MESSAGE


def payload_of(body: str) -> Any:
    """Return what a producer had to say, ready for JSON: of an event its detail-type and detail.

    Values of members whose names speak of secrets are left out.
    """
    document = document_of(body)
    if kind_of(body) is Kind.UNPUBLISHED_EVENT:
        document = {
            "detail-type": document["DetailType"],
            "source": document["Source"],
            "detail": document_of(document["Detail"])
            if isinstance(document["Detail"], str)
            else document["Detail"],
        }
    elif isinstance(document, dict) and {"detail-type", "detail"} <= document.keys():
        kept = ("detail-type", "source", "time", "id", "detail")
        document = {name: document[name] for name in kept if name in document}
    return _without_secrets(document)


def reason_in(body: str) -> str | None:
    """Return why it failed, as far as the body itself says so."""
    kind = kind_of(body)
    if kind is Kind.MESSAGE:
        return None
    document = document_of(body)
    if kind is Kind.UNPUBLISHED_EVENT:
        return str(document["reason"])
    condition = (document.get("requestContext") or {}).get("condition")
    error = (document.get("responseContext") or {}).get("functionError")
    return ", ".join(str(part) for part in (condition, error) if part) or None


def _without_secrets(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            name: _HIDDEN
            if any(word in str(name).lower() for word in _SECRETIVE)
            else _without_secrets(value)
            for name, value in node.items()
        }
    if isinstance(node, list):
        return [_without_secrets(value) for value in node]
    return node
