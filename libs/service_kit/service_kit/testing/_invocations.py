"""Invocations of handlers, as Lambda makes them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from service_kit.testing._events import Event


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler answered API Gateway.

    Attributes:
        status: Its HTTP status.
        headers: Its headers.
        text: Its body.
    """

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def document(self) -> Any:
        """The body, parsed as JSON."""
        return json.loads(self.text)

    @property
    def bad_fields(self) -> list[tuple[str, str]]:
        """The place and name of each field that the answer says is bad."""
        return [(error["location"], error["field"]) for error in self.document["errors"]]


def lambda_context(function_name: str = "a-function") -> SimpleNamespace:
    """Return the context of an invocation, without a time limit."""
    return SimpleNamespace(aws_request_id="lambda-request", function_name=function_name)


def call(handler: Callable[[Event, Any], dict[str, Any]], event: Event) -> Reply:
    """Call the handler of an endpoint."""
    answer = handler(event, lambda_context())
    assert answer["isBase64Encoded"] is False  # noqa: S101, it is part of a test
    return Reply(answer["statusCode"], answer["headers"], answer["body"])


def deliver(handler: Callable[[Event, Any], dict[str, Any]], *messages: Event) -> list[str]:
    """Send a batch to the handler of a queue, and return the ids of the messages that are to come again."""
    failures = handler({"Records": list(messages)}, lambda_context())["batchItemFailures"]
    return [failure["itemIdentifier"] for failure in failures]
