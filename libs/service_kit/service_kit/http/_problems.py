"""Errors as callers read them (`application/problem+json`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "BadRequest",
    "Conflict",
    "FieldError",
    "Forbidden",
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
]


class Problem(Exception):  # noqa: N818, called after what the caller gets
    """An answer that is an error, after RFC 9457.

    Attributes:
        status: HTTP status, fixed by the class.
        title: What this kind of problem is, fixed by the class.
        detail: What happened to this request; shown to the caller.
        headers: Headers to send with the answer.
        extensions: Further members of the document.
    """

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Internal Server Error"

    def __init__(
        self, detail: str | None = None, *, headers: Mapping[str, str] | None = None, **extensions: Any
    ) -> None:
        self.detail = detail
        self.headers = dict(headers or {})
        self.extensions = extensions
        super().__init__(detail or self.title)

    def document(self, request_id: str) -> dict[str, Any]:
        """Return the members of the problem document for one request."""
        members = {
            **self.extensions,
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "requestId": request_id,
        }
        return members if self.detail is None else {**members, "detail": self.detail}


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field of a request that is not valid.

    Attributes:
        location: `body`, `query`, `path` or `header`.
        field: Path of the field, such as `items.0.name`; empty for the location as a whole.
        message: Why, with its bounds.
    """

    location: str
    field: str
    message: str


class ProblemDocument(BaseModel):
    """What every error answers with, after RFC 9457; it may have further members."""

    # Only documents are made of it.
    model_config = ConfigDict(extra="allow", defer_build=True)

    type: str = Field(description="Always `about:blank`: the title says what kind of problem it is.")
    title: str = Field(description="What kind of problem it is.")
    request_id: str = Field(alias="requestId", description="Names the request in the logs.")
    status: int = Field(default=0, description="The HTTP status; some of API Gateway's answers leave it out.")
    detail: str = Field(default="", description="What happened to this request.")
    errors: list[FieldError] = Field(default=[], description="Each bad field of the request.")


class BadRequest(Problem):
    """400: the request is malformed; `errors` names each bad field."""

    status = 400
    title = "Bad Request"

    def __init__(
        self,
        detail: str | None = "The request is not valid.",
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        **extensions: Any,
    ) -> None:
        self.errors = list(errors)
        named = [
            {"location": error.location, "field": error.field, "message": error.message} for error in errors
        ]
        super().__init__(detail, headers=headers, errors=named, **extensions)


class Unauthorized(Problem):
    """401: the request does not say, or does not prove, who is calling.

    API Gateway renames the `www-authenticate` of a function to `x-amzn-Remapped-www-authenticate`. Its
    authorizer refuses such requests before, with the header; this is for a route that has none.
    """

    status = 401
    title = "Unauthorized"

    def __init__(
        self, detail: str | None = None, *, headers: Mapping[str, str] | None = None, **extensions: Any
    ) -> None:
        super().__init__(detail, headers={"www-authenticate": "Bearer", **(headers or {})}, **extensions)


class Forbidden(Problem):
    """403: the caller is known, but may not do this."""

    status = 403
    title = "Forbidden"


class NotFound(Problem):
    """404: there is no such thing, or none that this caller may see."""

    status = 404
    title = "Not Found"


class Conflict(Problem):
    """409: the thing's present state forbids the request."""

    status = 409
    title = "Conflict"


class PreconditionFailed(Problem):
    """412: the thing is not what the caller's precondition says."""

    status = 412
    title = "Precondition Failed"


class PayloadTooLarge(Problem):
    """413: the body has more bytes than the endpoint reads."""

    status = 413
    title = "Content Too Large"


class UnprocessableContent(Problem):
    """422: the request is well formed, but contradicts what was said before."""

    status = 422
    title = "Unprocessable Content"


class _RetryLater(Problem):
    """A problem that passes; `retry_after_seconds` says when to come back."""

    def __init__(
        self,
        detail: str | None = None,
        *,
        retry_after_seconds: int = 5,
        headers: Mapping[str, str] | None = None,
        **extensions: Any,
    ) -> None:
        super().__init__(
            detail, headers={"retry-after": str(retry_after_seconds), **(headers or {})}, **extensions
        )


class TooManyRequests(_RetryLater):
    """429: the caller asks more often than allowed."""

    status = 429
    title = "Too Many Requests"


class ServiceUnavailable(_RetryLater):
    """503: something that the answer needs does not answer now."""

    status = 503
    title = "Service Unavailable"


class InternalError(Problem):
    """500: our fault; the log has the reason, the caller gets none."""
