"""From what a handler returns to an API Gateway proxy response, checked before it is sent."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic
from uuid import UUID

from pydantic import BaseModel, RootModel, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError
from typing_extensions import TypeVar

from service_kit._safe.validation import InvalidData, safe_reasons
from service_kit.startup import at_start

if TYPE_CHECKING:
    from collections.abc import Mapping

    from service_kit.http._problems import Problem

__all__ = ["HttpResponse", "InvalidResponse", "Replier", "problem_reply"]

BodyT = TypeVar("BodyT", default=Any)

JSON = "application/json"
PROBLEM_JSON = "application/problem+json"
_NO_CONTENT = 204
_NOT_STORED = {"cache-control": "no-store"}
# Nearly all that answers are made of; looking at each by `isinstance` took a third of an invocation.
_NEVER_MODELS = frozenset({str, int, float, bool, type(None), datetime, Decimal, UUID})
_AS_JSON = {"content-type": JSON, **_NOT_STORED}
# On every answer, as on those of API Gateway itself (shared-infra/gateway-responses.yml). Over HTTP, browsers
# ignore the first one.
_SECURITY = {
    "strict-transport-security": "max-age=63072000",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}


class InvalidResponse(InvalidData):
    """What a handler returned does not fit its declared response."""


@dataclass(frozen=True, slots=True)
class HttpResponse(Generic[BodyT]):
    """An answer that is not simply 200 with JSON; `-> HttpResponse[Model]` says what the JSON is.

    Attributes:
        status: HTTP status.
        body: Text to send unchanged, or anything else to send as JSON, checked like a plain result; None for
            no body.
        content_type: Media type of a text.
        headers: Further headers; they win over the usual ones.
    """

    status: int = 200
    body: BodyT | str | None = None
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


class Replier:
    """Builds the proxy responses of one endpoint.

    Args:
        response: Type of its results, such as a model or `list[Model]`; None checks nothing.
        status: Status of results that are no `HttpResponse`.
    """

    def __init__(self, response: Any, *, status: int = 200) -> None:
        self._response = response
        self._status = status
        at_start(lambda: self._adapter)

    def reply(self, result: Any) -> dict[str, Any]:
        """Build the proxy response for what a handler returned.

        Raises:
            InvalidResponse: When it does not fit; nothing of it may be sent.
        """
        if not isinstance(result, HttpResponse):
            if result is None and self._response is None:
                return _proxy_response(_NO_CONTENT, "", _NOT_STORED)
            return _proxy_response(self._status, self._dump(result), _AS_JSON)
        headers = _lower(result.headers)
        if result.body is None:
            return _proxy_response(result.status, "", headers)
        if not isinstance(result.body, str):
            return _proxy_response(result.status, self._dump(result.body), {**_AS_JSON, **headers})
        usual = _NOT_STORED if result.content_type.startswith(JSON) else {}
        typed = {"content-type": result.content_type}
        return _proxy_response(result.status, result.body, {**typed, **usual, **headers})

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(Any if self._response is None else self._response)

    def _dump(self, result: Any) -> str:
        try:
            adapter = self._adapter
            if self._response is not None:
                # The adapter's own methods only look at their arguments before they call these.
                result = adapter.validator.validate_python(_unmodelled(result), by_alias=True, by_name=True)
            return adapter.serializer.to_json(result, by_alias=True, warnings="error").decode()
        except ValidationError as error:
            raise InvalidResponse(safe_reasons(error)) from None
        except PydanticSerializationError:
            raise InvalidResponse(["document: cannot be written as JSON"]) from None


def problem_reply(problem: Problem, request_id: str) -> dict[str, Any]:
    """Build the proxy response for a problem."""
    # ASCII, because what a caller sent may come back in it, and lone surrogates have no UTF-8.
    body = json.dumps(problem.document(request_id), separators=(",", ":"), default=str)
    headers = {"content-type": PROBLEM_JSON, **_NOT_STORED, **_lower(problem.headers)}
    return _proxy_response(problem.status, body, headers)


def _proxy_response(status: int, body: str, headers: Mapping[str, str]) -> dict[str, Any]:
    return {
        "statusCode": status,
        "headers": {**_SECURITY, **headers},
        "body": body,
        "isBase64Encoded": False,
    }


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _unmodelled(value: Any) -> Any:
    """Take models apart, so that they are validated again: a model built unchecked must not pass."""
    kind = type(value)
    if kind in _NEVER_MODELS:
        return value
    if kind is list or kind is tuple:
        return [member if type(member) in _NEVER_MODELS else _unmodelled(member) for member in value]
    if isinstance(value, RootModel):
        return _unmodelled(value.root)
    if isinstance(value, BaseModel):
        value = {**value.__dict__, **(value.__pydantic_extra__ or {})}
    if isinstance(value, dict):
        return {
            key: member if type(member) in _NEVER_MODELS else _unmodelled(member)
            for key, member in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_unmodelled(member) for member in value]
    return value
