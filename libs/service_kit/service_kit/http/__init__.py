"""Endpoints of API Gateway: their handlers, what these take and return, and errors as problem documents."""

from service_kit.http._entity_tags import is_current, is_known
from service_kit.http._handler import HttpContract, HttpHandler, http_handler
from service_kit.http._problems import (
    BadRequest,
    Conflict,
    FieldError,
    Forbidden,
    InternalError,
    NotFound,
    PayloadTooLarge,
    PreconditionFailed,
    Problem,
    ProblemDocument,
    ServiceUnavailable,
    TooManyRequests,
    Unauthorized,
    UnprocessableContent,
)
from service_kit.http._reply import HttpResponse, problem_reply
from service_kit.http._request import Caller, FromHeader, FromPath

__all__ = [
    "BadRequest",
    "Caller",
    "Conflict",
    "FieldError",
    "Forbidden",
    "FromHeader",
    "FromPath",
    "HttpContract",
    "HttpHandler",
    "HttpResponse",
    "InternalError",
    "NotFound",
    "PayloadTooLarge",
    "PreconditionFailed",
    "Problem",
    "ProblemDocument",
    "ServiceUnavailable",
    "TooManyRequests",
    "Unauthorized",
    "UnprocessableContent",
    "http_handler",
    "is_current",
    "is_known",
    "problem_reply",
]
