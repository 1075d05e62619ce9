"""The content of dead-letter messages, and how it is shown."""

import json
from enum import StrEnum
from typing import Any

_STREAM_FAILURE = "DDBStreamBatchInfo"
_SECRETIVE = ("apikey", "api_key", "authorization", "cookie", "credential", "password", "secret", "token")
# Deeper than any event; what recurses over a document, such as json's own writer, fails at some depth.
_MOST_LEVELS = 100
_MOST_SHOWN_CHARACTERS = 2_000


class Kind(StrEnum):
    """The kind of a dead-letter message."""

    MESSAGE = "message"
    """A message that a consumer could not process."""

    UNPUBLISHED_EVENT = "unpublished event"
    """An entry of PutEvents that the bus did not accept, kept with the reason."""

    STREAM_RECORD = "stream record"
    """A record of a table's stream that its function could not read, as the event of one record."""

    STREAM_FAILURE = "stream failure"
    """Lambda's note of where in a stream the records are that its function kept failing on."""

    UNREADABLE = "unreadable message"
    """A body that is not JSON, or is nested too deeply."""


class UnreadableError(ValueError):
    """A body is not JSON, or is nested too deeply."""


def document_of(body: str) -> Any:
    """Return the document in a body.

    Raises:
        UnreadableError: It is not JSON, or is nested too deeply.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(type(error).__name__) from None
    level = [document]
    for _ in range(_MOST_LEVELS):
        level = [child for node in level for child in _children(node)]
        if not level:
            return document
    raise UnreadableError(f"nested in more than {_MOST_LEVELS} levels")


def kind_of(body: str) -> Kind:
    """Return the kind of a body."""
    try:
        document = document_of(body)
    except UnreadableError:
        return Kind.UNREADABLE
    match document:
        case {"EventBusName": str(), "Source": str(), "DetailType": str(), "Detail": _, "reason": _}:
            return Kind.UNPUBLISHED_EVENT
        case {"Records": [_]} if len(document) == 1:
            return Kind.STREAM_RECORD
        case {"DDBStreamBatchInfo": dict()}:
            return Kind.STREAM_FAILURE
        case _:
            return Kind.MESSAGE


def payload_of(body: str) -> Any:
    """Return what a producer sent, ready for JSON: of an event its detail-type and detail.

    Secrets are omitted: values of members with the name of a secret, and values that look like one. An
    unreadable body is cut after its beginning.
    """
    kind = kind_of(body)
    if kind is Kind.UNREADABLE:
        return _beginning(body)
    document = document_of(body)
    if kind is Kind.UNPUBLISHED_EVENT:
        document = {
            "detail-type": document["DetailType"],
            "source": document["Source"],
            "detail": _detail(document["Detail"]),
        }
    elif isinstance(document, dict) and {"detail-type", "detail"} <= document.keys():
        kept = ("detail-type", "source", "time", "id", "detail")
        document = {name: document[name] for name in kept if name in document}
    return _without_secrets(document)


def reason_in(body: str) -> str | None:
    """Return why it failed, if the body says so."""
    match kind_of(body):
        case Kind.UNPUBLISHED_EVENT:
            return str(document_of(body)["reason"])
        case Kind.STREAM_FAILURE:
            document = document_of(body)
            parts = (
                _member(document, "requestContext", "condition"),
                _member(document, "responseContext", "functionError"),
            )
            return ", ".join(str(part) for part in parts if part) or None
        case _:
            return None


def hide_secrets(text: str) -> str:
    """Return a text without what looks like a secret."""
    from service_kit.secret_shapes import without_secrets  # noqa: PLC0415, only for what is shown

    return without_secrets(text)


def _children(node: Any) -> Any:
    if isinstance(node, dict):
        return node.values()
    return node if isinstance(node, list) else ()


def _detail(detail: Any) -> Any:
    try:
        return document_of(detail) if isinstance(detail, str) else detail
    except UnreadableError:
        return _beginning(detail)


def _member(document: dict[str, Any], name: str, inner: str) -> Any:
    node = document.get(name)
    return node.get(inner) if isinstance(node, dict) else None


def _beginning(text: str) -> str:
    if len(text) <= _MOST_SHOWN_CHARACTERS:
        return hide_secrets(text)
    return f"{hide_secrets(text[:_MOST_SHOWN_CHARACTERS])} … ({len(text)} characters)"


def _without_secrets(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            hide_secrets(name): "(not shown)"
            if any(word in name.lower() for word in _SECRETIVE)
            else _without_secrets(value)
            for name, value in node.items()
        }
    if isinstance(node, list):
        return [_without_secrets(value) for value in node]
    return hide_secrets(node) if isinstance(node, str) else node
